import type { Address, TypedDataDefinition } from 'viem'
import { representable } from './checkRepresentable.js'
import { moduleDomain } from './moduleDomain.js'
import type { Session } from './session.js'
import { SESSION_TYPES } from './sessionTypes.js'

/** A session as typed data, as `signTypedData` of viem and permissionless takes it. */
export type SessionTypedData = TypedDataDefinition<typeof SESSION_TYPES, 'Session'>

/** Returns a session as typed data, whatever the module says to it.
 *
 * @throws {@link SessionRefused} if a field does not fit its type. */
export function defineSession(module: Address, session: Session): SessionTypedData {
  return {
    domain: moduleDomain(module),
    types: SESSION_TYPES,
    primaryType: 'Session',
    message: representable(session),
  }
}
