import { type Hex, concat } from 'viem'
import { type DelegateKind, DELEGATE_KIND } from '../session/session.js'
import { blob } from './delegate.js'

/** Returns a delegate's signature of the right shape that never holds and costs the module the
 * same gas as a real one.
 *
 * Its bytes are not zero, because bundlers count the bytes too. */
export function dummyDelegateSignature(kind: DelegateKind): Hex {
  if (kind === DELEGATE_KIND.secp256k1) return filler(65)
  if (kind === DELEGATE_KIND.p256) return filler(128)
  return concat([blob(filler(AUTHENTICATOR_DATA)), blob(filler(CLIENT_DATA)), filler(128)])
}

/** Bytes of the shortest authenticator data. */
export const AUTHENTICATOR_DATA = 37

/** Bytes of usual client data. */
const CLIENT_DATA = 134

function filler(length: number): Hex {
  return `0x${'ff'.repeat(length)}`
}
