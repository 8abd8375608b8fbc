import { SessionRefused } from 'smart-session'
import {
  type Account,
  type Address,
  type Chain,
  type Hex,
  type Transport,
  type WalletClient,
  createWalletClient,
  custom,
} from 'viem'
import type { Connection } from '../place/connection.ts'

/** Milliseconds for which an answer is waited for: a sponsor tries each transaction before it sends it. */
const LONGEST_ANSWER = 15_000

/** A wallet whose transactions a sponsor sends and pays for; all else is the node's to answer.
 *
 * @throws SessionRefused if no sponsor is named, or it has no account. */
export async function sponsorWallet(
  { client, chain }: Connection,
  url: string | undefined,
): Promise<WalletClient<Transport, Chain, Account>> {
  if (url === undefined) return missing('no sponsor is named', 'name one in the settings')
  const ask = async (method: string, params: unknown) => {
    const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method, params })
    const headers = { 'content-type': 'application/json' }
    const signal = AbortSignal.timeout(LONGEST_ANSWER)
    const answer = await fetch(url, { method: 'POST', headers, body, signal })
    const { result, error } = await answer.json()
    if (!error) return result
    // Its words and data alone: its other fields are no fields of an error of this page.
    const { message, code, data } = error
    throw Object.assign(new Error(String(message)), { code, data })
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

/** Refuses to play, for want of something that is named or connected elsewhere. */
export function missing(what: string, remedy: string): never {
  throw new SessionRefused('NotForSessions', what, remedy)
}
