import { type Hex, concat } from 'viem'
import { DELEGATE_KIND, type DelegateKind } from '../session/session.js'
import { blob } from './delegate.js'

/** Bytes of the shortest authenticator data, which is what passkeys give. */
export const AUTHENTICATOR_DATA = 37

/** Bytes of client data to estimate with. Browsers write 113 and the origin; Chromium adds 109 to
 * every fifth signature, Android 40 to each, a frame in another origin's page its `topOrigin`. */
const CLIENT_DATA = 256

/** Returns a delegate's signature of the right shape that never holds and costs the module the
 * same gas as a real one.
 *
 * Its bytes are not zero, because bundlers count the bytes too.
 *
 * @param clientDataLength bytes of a passkey's client data. 32 more cost the module some 15 gas
 * more, which its estimate then lacks: give the length where an origin is very long. */
export function dummyDelegateSignature(kind: DelegateKind, clientDataLength = CLIENT_DATA): Hex {
  if (kind === DELEGATE_KIND.secp256k1) return filler(65)
  if (kind === DELEGATE_KIND.p256) return filler(128)
  return concat([blob(filler(AUTHENTICATOR_DATA)), blob(filler(clientDataLength)), filler(128)])
}

function filler(length: number): Hex {
  return `0x${'ff'.repeat(length)}`
}
