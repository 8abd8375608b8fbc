import type { Address, TypedDataDefinition } from 'viem'
import { checkSession } from './checkSession.js'
import type { Session } from './session.js'
import { defineSession } from './sessionDigest.js'
import { SESSION_TYPES } from './sessionTypes.js'

/** A session as typed data, as `signTypedData` of viem and permissionless takes it. */
export type SessionTypedData = TypedDataDefinition<typeof SESSION_TYPES, 'Session'>

/** Returns what the owner signs, for a wallet or for `account.signTypedData`.
 *
 * @throws {@link SessionRefused} if the module would never enable the session: nobody should sign
 * what cannot work. */
export function sessionTypedData(module: Address, session: Session): SessionTypedData {
  checkSession(session, module)
  return defineSession(module, session)
}
