import type { Address, Client, Hash } from 'viem'
import { readContract } from 'viem/actions'
import { viewsAbi } from '../abi/views.js'
import type { Session } from '../session/session.js'
import { sessionId } from '../session/sessionId.js'

/** What the module keeps of a session on one chain. */
export type SessionState = {
  /** `unknown`: never enabled there. `revoked`: ended for good. An enabled session can be void for
   * other reasons: its window is over, or the account has moved its epoch. */
  readonly status: SessionStatus
  /** Executions that were validated. Not counted where `maxCalls` is uncounted. */
  readonly calls: number
  /** Wei of gas that validated operations could have cost. Not counted likewise. */
  readonly fee: bigint
  /** Wei of native value that was spent of the budget for the whole session. */
  readonly nativeSpent: bigint
  /** The nonce that the session's next order must have. */
  readonly orderNonce: number
}

/** What a session's status can be. */
export type SessionStatus = 'unknown' | 'enabled' | 'revoked'

const STATUS: Record<number, SessionStatus> = { 0: 'unknown', 1: 'enabled', 2: 'revoked' }

/** Asks the module for what it keeps of a session.
 *
 * @param session the session, or its account and id. */
export async function readSession(
  client: Client,
  module: Address,
  session: Session | { account: Address; id: Hash },
): Promise<SessionState> {
  const id = 'id' in session ? session.id : sessionId(session)
  const [status, calls, fee, nativeSpent, orderNonce] = await readContract(client, {
    address: module,
    abi: viewsAbi,
    functionName: 'sessionState',
    args: [session.account, id],
  })
  return { status: STATUS[status] ?? 'unknown', calls, fee, nativeSpent, orderNonce }
}
