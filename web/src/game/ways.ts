import {
  type Delegate,
  type Grant,
  type SessionCall,
  createSessionClient,
  orderCall,
  ownBundler,
  SessionRefused,
  signOrder,
} from 'smart-session'
import {
  type Account,
  type Address,
  type Chain,
  type Hex,
  type Transport,
  type WalletClient,
  createWalletClient,
  custom,
  http,
  parseEther,
} from 'viem'
import { createBundlerClient } from 'viem/account-abstraction'
import type { Connection } from '../place/connection.ts'
import type { Place } from '../place/place.ts'
import { modularAccount } from '../wallet/modularAccount.ts'
import type { Owner } from '../wallet/owner.ts'

/** How moves come to the chain. */
export type Way = 'order' | 'operation' | 'bundler' | 'wallet'

/** What is said of each way. */
export const WAY_WORDS: { readonly [W in Way]: { label: string; meaning: string } } = {
  order: {
    label: 'A sponsor, as signed orders',
    meaning: 'no bundler and no EntryPoint; the sponsor pays for gas',
  },
  operation: {
    label: 'A sponsor, as operations',
    meaning: 'it brings each one to the EntryPoint; the account pays it back',
  },
  bundler: { label: 'A bundler', meaning: 'takes each operation, at the address in the settings' },
  wallet: { label: 'Your wallet', meaning: 'brings each operation, and is paid back' },
}

/** Who plays: signs calls by the session's key, has them brought, and waits until they are in a
 * block.
 *
 * @throws SessionRefused for what the session does not permit.
 * @returns why the calls themselves have failed; `undefined` if they have not. */
export type Player = (calls: readonly SessionCall[]) => Promise<string | undefined>

/** What a player plays with. */
export type PlayerTerms = {
  readonly connection: Connection
  readonly place: Place
  readonly owner: Owner | undefined
  readonly grant: Grant
  readonly delegate: Delegate
}

/** Gas that a sponsor is asked to spend on an operation at most. It tries before it pays. */
const SPONSORED_GAS = 3_000_000n
/** Wei; no operation may cost more gas, whoever names the price. */
const MOST_FEE = parseEther('0.005')

/** Makes who plays in a way.
 *
 * @throws SessionRefused if what the way needs is not named or connected. */
export async function makePlayer(way: Way, terms: PlayerTerms): Promise<Player> {
  return way === 'order' ? orderPlayer(terms) : operationPlayer(way, terms)
}

async function orderPlayer({ connection, place, grant, delegate }: PlayerTerms): Promise<Player> {
  const { client, module } = connection
  const { session, ownerSignature } = grant
  const sponsor = await sponsorWallet(connection, place.sponsor)
  return async (calls) => {
    const order = await signOrder(client, { module, session, delegate, calls, ownerSignature })
    // The order names its chain, and the node was asked for it.
    const hash = await sponsor.sendTransaction({ ...orderCall(order), chain: null })
    const { status } = await client.waitForTransactionReceipt({ hash, timeout: 60_000 })
    return status === 'success' ? undefined : 'the order has failed, and has spent nothing'
  }
}

async function operationPlayer(way: Exclude<Way, 'order'>, terms: PlayerTerms): Promise<Player> {
  const { connection, grant, delegate } = terms
  const { session, ownerSignature, accountKind } = grant
  const [account, bundler] = await Promise.all([
    modularAccount(connection.client, session.account),
    bundlerFor(way, terms),
  ])
  const player = await createSessionClient(bundler, {
    account,
    module: connection.module,
    session,
    delegate,
    maxFee: MOST_FEE,
    ...(ownerSignature === undefined ? {} : { ownerSignature }),
    ...(accountKind === undefined ? {} : { kind: accountKind }),
  })
  // Where no bundler is paid, nothing is offered beyond the base fee.
  const bids = way === 'bundler' ? {} : { priorityFee: 0n }
  return async (calls) => {
    const { success, reason } = await player.waitFor(await player.send(calls, bids))
    return success ? undefined : (reason ?? 'the game itself has refused the call')
  }
}

async function bundlerFor(way: Exclude<Way, 'order'>, { connection, place, owner }: PlayerTerms) {
  const { client, chain } = connection
  switch (way) {
    case 'bundler':
      if (place.bundler === undefined)
        return missing('no bundler is named', 'name one in the settings')
      return createBundlerClient({
        client,
        chain,
        transport: http(place.bundler, { retryCount: 0 }),
      })
    case 'wallet':
      if (owner === undefined) return missing('no wallet is connected', 'connect one at the desk')
      return ownBundler({ wallet: owner.client })
    case 'operation':
      return ownBundler({
        wallet: await sponsorWallet(connection, place.sponsor),
        gas: SPONSORED_GAS,
      })
  }
}

/** A wallet whose transactions a sponsor sends and pays for; all else is the node's to answer. */
async function sponsorWallet(
  { client, chain }: Connection,
  url: string | undefined,
): Promise<WalletClient<Transport, Chain, Account>> {
  if (url === undefined) return missing('no sponsor is named', 'name one in the settings')
  const ask = async (method: string, params: unknown) => {
    const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method, params })
    const headers = { 'content-type': 'application/json' }
    const answer = await fetch(url, { method: 'POST', headers, body })
    const { result, error } = await answer.json()
    if (error) throw Object.assign(new Error(String(error.message)), error)
    return result
  }
  const request = async ({ method, params }: { method: string; params: unknown }) => {
    if (method === 'eth_sendTransaction') return (await ask(method, params)) as Hex
    return client.request({ method, params } as never)
  }
  const [account]: Address[] = await ask('eth_accounts', [])
  if (account === undefined) return missing('the sponsor has no account', 'ask who runs it')
  const transport = custom({ request }, { retryCount: 0 })
  return createWalletClient({ account, chain, transport }) as never
}

function missing(what: string, remedy: string): never {
  throw new SessionRefused('NotForSessions', what, remedy)
}
