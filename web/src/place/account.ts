import { type AccountKind, type Grant, ACCOUNT_KINDS, SessionRefused } from 'smart-session'
import { detectAccountKind, readEpoch } from 'smart-session/owner'
import { type Address, type Hex, concat, keccak256, pad, slice, stringToHex } from 'viem'
import { getCode, getStorageAt } from 'viem/actions'
import type { Connection } from './connection.ts'

/** An account, and what the module keeps of it. */
export type AccountFacts = {
  readonly address: Address
  /** What it is; `undefined` if it is of no kind that is known here. */
  readonly kind: AccountKind | undefined
  readonly epoch: bigint
  readonly isValidator: boolean
  readonly isExecutor: boolean
  /** How its owner's signatures begin that enable sessions: the owner has set it on install. */
  readonly route: Hex | 'any' | 'closed'
  /** Who checks its owner's signatures, by the route. */
  readonly ownerValidator: Address | undefined
}

const SLOT = keccak256(stringToHex('SmartSession.account'))

/** Asks the chain about an account.
 *
 * @throws SessionRefused if there is no contract. */
export async function readAccount(
  { client, module }: Connection,
  address: Address,
): Promise<AccountFacts> {
  const slot = keccak256(concat([pad(address), SLOT]))
  const [code, word, epoch, kind] = await Promise.all([
    getCode(client, { address }),
    getStorageAt(client, { address: module, slot }),
    readEpoch(client, module, address),
    detectAccountKind(client, address).catch((error: unknown) => {
      if (error instanceof SessionRefused) return undefined
      throw error
    }),
  ])
  if (code === undefined) {
    const what = `there is no account at ${address} on chain ${client.chain?.id}`
    throw new SessionRefused('WrongAccount', what, 'check its address and the node')
  }
  return { address, kind, epoch, ...readWord(word ?? '0x', kind) }
}

/** Reads the module's word of an account: flags (1 byte), epoch (8), length (1) and route. */
function readWord(word: Hex, kind: AccountKind | undefined) {
  const bytes = pad(word, { size: 32 })
  const flags = Number(slice(bytes, 0, 1))
  const length = Number(slice(bytes, 9, 10))
  const isNamed = length > 0 && length <= 21
  const route = length === 0 ? 'any' : isNamed ? slice(bytes, 10, 10 + length) : 'closed'
  const start = kind === 'kernel' ? 1 : 0
  const isAddress = isNamed && length === start + 20
  return {
    isValidator: (flags & 1) !== 0,
    isExecutor: (flags & 2) !== 0,
    route: route as Hex | 'any' | 'closed',
    ownerValidator: isAddress ? slice(route as Hex, start) : undefined,
  }
}

/** What is known of an account, as a grant carries it. */
export function ownersPart({
  kind,
  ownerValidator,
}: AccountFacts): Pick<Grant, 'accountKind' | 'ownerValidator'> {
  return {
    ...(kind === undefined ? {} : { accountKind: kind }),
    ...(ownerValidator === undefined ? {} : { ownerValidator }),
  }
}

/** The names of accounts' kinds, as their makers write them. */
export const KIND_NAMES: { readonly [K in (typeof ACCOUNT_KINDS)[number]]: string } = {
  openzeppelin: 'OpenZeppelin',
  msa: 'ERC-7579 reference',
  safe7579: 'Safe7579',
  nexus: 'Nexus',
  kernel: 'Kernel',
}
