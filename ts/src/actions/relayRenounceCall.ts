import type { Address } from 'viem'
import { renouncingAbi } from '../abi/renouncing.js'
import type { Delegate } from '../accounts/delegate.js'
import { packSession } from '../session/packSession.js'
import { revokeDigest } from '../session/revokeDigest.js'
import type { Session } from '../session/session.js'
import { sessionId } from '../session/sessionId.js'
import { type ModuleCall, moduleCall } from './moduleCall.js'

/** Returns the call by which anyone ends a session with the delegate's signature, which is asked
 * for here. For every kind of key. */
export async function relayRenounceCall(
  module: Address,
  session: Session,
  delegate: Delegate,
): Promise<ModuleCall> {
  const signature = await delegate.sign(revokeDigest(module, session.account, sessionId(session)))
  return moduleCall(module, renouncingAbi, 'revoke', [session.account, packSession(session), signature])
}
