import {
  type Address,
  type Client,
  type Hash,
  type Hex,
  domainSeparator,
  getAddress,
  isAddressEqual,
  parseAbi,
  slice,
} from 'viem'
import { getChainId, getEip712Domain, getStorageAt, readContract } from 'viem/actions'
import { type MODULE_TYPE, isModuleInstalled } from '../accounts/isModuleInstalled.js'
import type { Facts } from '../session/facts.js'
import type { Permission, Session } from '../session/session.js'
import { readClock } from './readClock.js'
import { readEpoch } from './readEpoch.js'

const ACCOUNT = parseAbi(['function domainSeparator() view returns (bytes32)'])
/** Types of modules that are asked for by their address alone. */
const MODULE_TYPES = ['validator', 'executor', 'hook'] as const
/** Slots in which accounts keep contracts that they are made of: the implementation (ERC-1967), a
 * Safe's singleton and its fallback handler, which Safe7579's adapter is. */
const SLOTS: readonly Hex[] = [
  '0x360894a13ba1a3210667c828492db98dca3e2076cc3735a920a3ca505d382bbc',
  '0x0000000000000000000000000000000000000000000000000000000000000000',
  '0x6c9a6c4a39284e37ed1cf53d337577d14212a4870fb976a4366c693b939918d5',
]

/** Asks a node for what an owner should know beyond a session itself: the present, the account's
 * epoch and domains, and which of the session's targets the account is made of.
 *
 * For {@link sessionWarnings} and {@link checkSession}. What an account does not answer is left
 * out. */
export async function readFacts(
  client: Client,
  module: Address,
  session: Session,
  now?: () => number,
): Promise<Required<Facts>> {
  const { account } = session
  const [{ later }, chainId, epoch, accountDomains, ownContracts] = await Promise.all([
    readClock(client, now),
    getChainId(client),
    readEpoch(client, module, account),
    readDomains(client, account),
    readOwnContracts(client, session),
  ])
  const epochs = [{ chainId: BigInt(chainId), epoch }]
  return { now: later, epochs, accountDomains, ownContracts }
}

/** The account's domain by ERC-5267, and by the function of a Safe. */
async function readDomains(client: Client, account: Address): Promise<Hash[]> {
  const functionName = 'domainSeparator'
  const found = await Promise.all([
    getEip712Domain(client, { address: account }).then(separatorOf, () => undefined),
    readContract(client, { address: account, abi: ACCOUNT, functionName }).catch(() => undefined),
  ])
  return found.filter((domain) => domain !== undefined)
}

type Domain = Awaited<ReturnType<typeof getEip712Domain>>

/** Of a domain, only the fields that it names count. */
function separatorOf({ domain, fields }: Domain): Hash {
  const named = ['name', 'version', 'chainId', 'verifyingContract', 'salt'] as const
  const isNamed = (bit: number) => (Number(fields) >> bit) % 2 === 1
  const entries = named.filter((_, bit) => isNamed(bit)).map((field) => [field, domain[field]])
  return domainSeparator({ domain: Object.fromEntries(entries) })
}

async function readOwnContracts(
  client: Client,
  { account, permissions }: Session,
): Promise<Address[]> {
  const kept = await Promise.all(SLOTS.map((slot) => readSlot(client, account, slot)))
  const installed = await Promise.all(
    permissions.map((permission) => isInstalled(client, account, permission)),
  )
  const own = [
    ...kept.filter((contract) => contract !== undefined),
    ...permissions.filter((_, i) => installed[i]).map(({ target }) => target),
  ]
  return own.filter((one, i) => own.findIndex((other) => isAddressEqual(one, other)) === i)
}

async function readSlot(client: Client, account: Address, slot: Hex): Promise<Address | undefined> {
  const word = await getStorageAt(client, { address: account, slot }).catch(() => undefined)
  if (word === undefined || BigInt(word) === 0n || BigInt(word) >> 160n !== 0n) return undefined
  return getAddress(slice(word, 12))
}

async function isInstalled(
  client: Client,
  account: Address,
  { target, selector }: Permission,
): Promise<boolean> {
  const ask = (...[type, context]: [type: keyof typeof MODULE_TYPE, context?: Hex]) =>
    isModuleInstalled(client, account, target, type, context).catch(() => false)
  const answers = [...MODULE_TYPES.map((type) => ask(type)), ask('fallback', selector)]
  return (await Promise.all(answers)).includes(true)
}
