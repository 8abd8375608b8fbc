import { type Address, type Hash, hashTypedData } from 'viem'
import { representable } from './checkRepresentable.js'
import { moduleDomain } from './moduleDomain.js'
import type { Session } from './session.js'
import type { SessionTypedData } from './sessionTypedData.js'
import { SESSION_TYPES } from './sessionTypes.js'

/** Returns the digest that stands for a session in a module's domain.
 *
 * @throws {@link SessionRefused} if a field does not fit its type. */
export function sessionDigest(module: Address, session: Session): Hash {
  return hashTypedData(defineSession(module, session))
}

/** Returns a session as typed data, whatever the module says to it. */
export function defineSession(module: Address, session: Session): SessionTypedData {
  return {
    domain: moduleDomain(module),
    types: SESSION_TYPES,
    primaryType: 'Session',
    message: representable(session),
  }
}
