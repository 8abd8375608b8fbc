import type { Address, Hex } from 'viem'
import { enablingAbi } from '../abi/enabling.js'
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
  const args = [session.account, packSession(session), ownerSignature] as const
  return moduleCall(module, enablingAbi, 'enable', args)
}
