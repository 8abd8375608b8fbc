import { type Address, type Hash, hashTypedData } from 'viem'
import { defineSession } from './defineSession.js'
import type { Session } from './session.js'

/** Returns the digest that stands for a session in a module's domain.
 *
 * @throws {@link SessionRefused} if a field does not fit its type. */
export function sessionDigest(module: Address, session: Session): Hash {
  return hashTypedData(defineSession(module, session))
}
