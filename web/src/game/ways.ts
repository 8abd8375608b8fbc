import { ownBundler, SessionRefused } from 'smart-session'
import {
  type Account,
  type Address,
  type Chain,
  type Transport,
  type WalletClient,
  createWalletClient,
  custom,
  http,
} from 'viem'
import { createBundlerClient } from 'viem/account-abstraction'
import type { Connection } from '../place/connection.ts'
import type { Place } from '../place/place.ts'
import type { Owner } from '../wallet/owner.ts'

/** How moves come to the chain. */
export type Way = 'sponsor' | 'bundler' | 'wallet'

/** What is said of each way. */
export const WAY_WORDS: { readonly [W in Way]: { label: string; meaning: string } } = {
  sponsor: {
    label: 'A sponsor',
    meaning: 'brings each operation to the EntryPoint; the account pays it back',
  },
  bundler: { label: 'A bundler', meaning: 'takes each operation at the address in the settings' },
  wallet: { label: 'Your wallet', meaning: 'brings each operation, and is paid back' },
}

/** Returns what operations are sent with.
 *
 * @throws SessionRefused if what the way needs is not named or connected. */
export async function bundlerFor(
  way: Way,
  connection: Connection,
  { sponsor, bundler }: Place,
  owner: Owner | undefined,
) {
  const { client, chain } = connection
  if (way === 'bundler') {
    if (bundler === undefined) return missing('no bundler is named', 'name one in the settings')
    return createBundlerClient({ client, chain, transport: http(bundler, { retryCount: 0 }) })
  }
  if (way === 'wallet') {
    if (owner === undefined) return missing('no wallet is connected', 'connect one at the desk')
    return ownBundler({ wallet: owner.client })
  }
  if (sponsor === undefined) return missing('no sponsor is named', 'name one in the settings')
  return ownBundler({ wallet: await sponsorWallet(connection, chain, sponsor) })
}

/** A wallet whose transactions a sponsor sends and pays for; all else is the node's to answer. */
async function sponsorWallet(
  { client }: Connection,
  chain: Chain,
  url: string,
): Promise<WalletClient<Transport, Chain, Account>> {
  const ask = async (method: string, params: unknown) => {
    const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method, params })
    const headers = { 'content-type': 'application/json' }
    const answer = await fetch(url, { method: 'POST', headers, body })
    const { result, error } = await answer.json()
    if (error) throw Object.assign(new Error(String(error.message)), error)
    return result
  }
  const transport = custom(
    {
      async request({ method, params }: { method: string; params: unknown }) {
        if (method === 'eth_sendTransaction') return ask(method, params)
        return client.request({ method, params } as never)
      },
    },
    { retryCount: 0 },
  )
  const [account]: Address[] = await ask('eth_accounts', [])
  if (account === undefined) return missing('the sponsor has no account', 'ask who runs it')
  return createWalletClient({ account, chain, transport }) as never
}

function missing(what: string, remedy: string): never {
  throw new SessionRefused('NotForSessions', what, remedy)
}
