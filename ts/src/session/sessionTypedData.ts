import type { Address } from 'viem'
import { checkSession } from './checkSession.js'
import { type SessionTypedData, defineSession } from './defineSession.js'
import type { Session } from './session.js'

/** Returns what the owner signs, for a wallet or for `account.signTypedData`.
 *
 * @throws {@link SessionRefused} if the module would never enable the session: nobody should sign
 * what cannot work. */
export function sessionTypedData(module: Address, session: Session): SessionTypedData {
  checkSession(session, module)
  return defineSession(module, session)
}
