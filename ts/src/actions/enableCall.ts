import type { Address } from 'viem'
import { enablingAbi } from '../abi/enabling.js'
import { packSession } from '../session/packSession.js'
import type { Session } from '../session/session.js'
import { type ModuleCall, moduleCall } from './moduleCall.js'

/** Returns the call by which an account enables a session itself.
 *
 * @throws {@link SessionRefused} if a field of the session does not fit its type. */
export function enableCall(module: Address, session: Session): ModuleCall {
  return moduleCall(module, enablingAbi, 'enable', [packSession(session)])
}
