import type { Address, Hex } from 'viem'
import { packSession } from '../session/packSession.js'
import type { Session } from '../session/session.js'
import { type ModuleCall, moduleCall } from './moduleCall.js'

/** Returns the call by which anyone enables a session with the owner's signature of it.
 *
 * @throws {@link SessionRefused} if a field of the session does not fit its type. */
export function relayEnableCall(
  module: Address,
  session: Session,
  ownerSignature: Hex,
): ModuleCall {
  return moduleCall(module, 'enable', [session.account, packSession(session), ownerSignature])
}
