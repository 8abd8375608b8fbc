import type { Address, Client } from 'viem'
import { getChainId } from 'viem/actions'
import type { Session } from '../session/session.js'
import { readClock } from './readClock.js'
import { readEpoch } from './readEpoch.js'
import { readSession } from './readSession.js'

/** What has become of a session on one chain. Only a live one can act.
 *
 * `void`: the account has moved its epoch, or the session does not hold on the chain. */
export type SessionStanding = 'live' | 'not yet' | 'over' | 'void' | 'revoked' | 'not enabled'

/** Asks the chain what has become of a session. One that is not enabled becomes live with its first
 * operation, where the owner has signed it.
 *
 * @param now the system's clock, in unix seconds; time is judged at the later of two clocks. */
export async function sessionStatus(
  client: Client,
  module: Address,
  session: Session,
  now?: () => number,
): Promise<SessionStanding> {
  const [{ status }, epoch, chainId, { later }] = await Promise.all([
    readSession(client, module, session),
    readEpoch(client, module, session.account),
    getChainId(client),
    readClock(client, now),
  ])
  if (status === 'revoked') return 'revoked'
  const here = session.chains.find((chain) => BigInt(chain.chainId) === BigInt(chainId))
  if (here === undefined || BigInt(here.epoch) !== epoch) return 'void'
  if (later > session.validUntil) return 'over'
  if (status === 'unknown') return 'not enabled'
  return later < session.validAfter ? 'not yet' : 'live'
}
