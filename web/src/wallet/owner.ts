import { type AccountKind, SessionRefused } from 'smart-session'
import { accountSignature } from 'smart-session/format'
import {
  type Account,
  type Address,
  type Chain,
  type Client,
  type Hex,
  type Transport,
  type TypedDataDefinition,
  type WalletClient,
  createWalletClient,
  custom,
  hashTypedData,
  parseAbi,
} from 'viem'
import { getEip712Domain, readContract } from 'viem/actions'
import type { AccountFacts } from '../place/account.ts'
import type { Connection } from '../place/connection.ts'
import type { Wallet } from './wallets.ts'

/** The owner's wallet, connected: it is asked for each signature, and shows what it signs. */
export type Owner = {
  readonly name: string
  readonly address: Address
  readonly client: WalletClient<Transport, Chain, Account>
}

/** Asks a wallet for its account.
 *
 * @param changed is called when the wallet shows another account: it is to be connected anew. */
export async function connectOwner(
  { name, provider }: Wallet,
  chain: Chain,
  changed: () => void,
): Promise<Owner> {
  const transport = custom(provider, { retryCount: 0 })
  const [address] = await createWalletClient({ transport }).requestAddresses()
  if (address === undefined) {
    const remedy = 'let the wallet show an account to this page'
    throw new SessionRefused('Cancelled', 'the wallet gives no account', remedy)
  }
  const client = createWalletClient({ account: address, chain, transport })
  provider.on?.('accountsChanged', changed)
  return { name, address, client }
}

const ERC1271 = parseAbi([
  'function isValidSignature(bytes32 hash, bytes signature) view returns (bytes4)',
])

/** Has an account's owner sign typed data, as the account's kind wants it, and asks the account
 * whether it takes that: what it would not take is not handed over.
 *
 * @throws SessionRefused if it does not. */
export async function signAsOwner(
  { client: node, chain }: Connection,
  account: AccountFacts,
  { client: wallet, address }: Owner,
  typedData: TypedDataDefinition,
): Promise<Hex> {
  const { kind, validator } = signingOf(account)
  const hash = hashTypedData(typedData)
  const asked =
    kind === 'kernel' ? await wrappedForKernel(node, chain.id, account.address, hash) : typedData
  const signed = await wallet.signTypedData(asked as never)
  const signature = accountSignature(kind, validator, signed)
  if (await takesSignature(node, account, hash, signature)) return signature
  throw new SessionRefused(
    'UnusableSignature',
    `the account does not take the signature of ${address} for its owner's`,
    "connect the owner's wallet; where the account wants another form, sign by the command line",
  )
}

/** Asks an account whether it takes a signature for its owner's (ERC-1271). One that enables sessions
 * must begin with the account's enable route. */
export async function takesSignature(
  client: Client,
  { address, route }: AccountFacts,
  hash: Hex,
  signature: Hex,
): Promise<boolean> {
  if (route === 'closed') return false
  if (route !== 'any' && !signature.toLowerCase().startsWith(route.toLowerCase())) return false
  const ask = { address, abi: ERC1271, functionName: 'isValidSignature' } as const
  const answer = await readContract(client, { ...ask, args: [hash, signature] }).catch(() => '0x')
  return answer === '0x1626ba7e'
}

/** Returns how an account's owner signs: by its kind and its enable route, never by trying.
 *
 * @throws SessionRefused if that is not known. */
export function signingOf(account: AccountFacts): { kind: AccountKind; validator: Address } {
  const { kind, ownerValidator, route } = account
  if (kind !== undefined && ownerValidator !== undefined) return { kind, validator: ownerValidator }
  const what =
    kind === undefined
      ? `${account.address} is an account of a kind that is not known here`
      : route === 'closed'
        ? 'the account lets no signature enable sessions'
        : "no single validator checks its owner's signatures"
  throw new SessionRefused('UnknownAccountKind', what, 'sign by the command line: session sign')
}

/** Kernel's owner signs a hash within Kernel's own domain, of which the node says the version alone. */
async function wrappedForKernel(
  node: Client,
  chainId: number,
  address: Address,
  hash: Hex,
): Promise<TypedDataDefinition> {
  const { version } = (await getEip712Domain(node, { address })).domain
  return {
    domain: { name: 'Kernel', version, chainId, verifyingContract: address },
    types: { Kernel: [{ name: 'hash', type: 'bytes32' }] },
    primaryType: 'Kernel',
    message: { hash },
  } as TypedDataDefinition
}

/** Sends a transaction from the owner's wallet, on the page's chain and no other.
 *
 * @throws SessionRefused if it does not succeed. */
export async function sendByWallet(
  { client: node, chain }: Connection,
  { client: wallet }: Owner,
  call: { to: Address; data: Hex },
): Promise<Hex> {
  if ((await wallet.getChainId()) !== chain.id) await wallet.switchChain({ id: chain.id })
  // Asked of the node first: it says why it would fail, before anything is paid.
  const gas = await node.estimateGas({ ...call, account: wallet.account })
  const hash = await wallet.sendTransaction({ ...call, gas: (gas * 4n) / 3n })
  const { status } = await node.waitForTransactionReceipt({ hash, timeout: 120_000 })
  if (status === 'success') return hash
  const what = `transaction ${hash} has failed`
  throw new SessionRefused('Rejected', what, 'look at it on the chain, then try again')
}
