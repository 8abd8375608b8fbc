import type { Hash, Hex } from 'viem'
import type { SessionStatus } from '../actions/readSession.js'
import { SessionRefused } from '../errors/sessionRefused.js'

/** Returns the owner's signature where a session must be enabled first; `undefined` where it is.
 *
 * @throws {@link SessionRefused} if it was revoked, or must be enabled and is not signed. */
export function enablingSignature(
  id: Hash,
  status: SessionStatus,
  ownerSignature: Hex | undefined,
): Hex | undefined {
  if (status === 'enabled') return undefined
  if (status === 'revoked') {
    const reason = `session ${id} was revoked`
    throw new SessionRefused('SessionRevokedForEver', reason, 'ask the owner for a new session')
  }
  if (ownerSignature !== undefined) return ownerSignature
  throw new SessionRefused(
    'SessionNotEnabled',
    `session ${id} is not enabled for this account`,
    "give the owner's signature, or let the account enable it",
  )
}
