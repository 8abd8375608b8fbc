import { type Hash, hashStruct } from 'viem'
import { representable } from './checkRepresentable.js'
import type { Session } from './session.js'
import { SESSION_TYPES } from './sessionTypes.js'

/** Returns the session id: the EIP-712 struct hash of the session, the same with every module.
 *
 * @throws {@link SessionRefused} if a field does not fit its type. */
export function sessionId(session: Session): Hash {
  return hashStruct({ types: SESSION_TYPES, primaryType: 'Session', data: representable(session) })
}
