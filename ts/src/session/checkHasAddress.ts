import { SessionRefused } from '../errors/sessionRefused.js'
import { type Session, DELEGATE_KIND } from './session.js'

/** Checks that a session's delegate is an address that can call the module itself.
 *
 * @throws {@link SessionRefused} if it is a P-256 key or a passkey. */
export function checkHasAddress({ delegateKind }: Session): void {
  if (Number(delegateKind) === DELEGATE_KIND.secp256k1) return
  throw new SessionRefused(
    'WrongKey',
    `a delegate of kind ${delegateKind} has no address to call from`,
    'sign an order (signOrder), or send a user operation',
  )
}
