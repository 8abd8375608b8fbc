import { type Hex, numberToHex, size, slice } from 'viem'
import { SessionRefused } from '../errors/sessionRefused.js'

/** The order of P-256. */
export const P256_ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n

/** r and s of a signature; s in the lower half, as the module demands. */
export function lowS(signature: Hex, order: bigint): { r: Hex; s: Hex; isFlipped: boolean } {
  if (size(signature) < 64)
    return unusable(`a signature of ${size(signature)} bytes has no r and s`)
  const s = BigInt(slice(signature, 32, 64))
  const isFlipped = s > order / 2n
  return {
    r: slice(signature, 0, 32),
    s: numberToHex(isFlipped ? order - s : s, { size: 32 }),
    isFlipped,
  }
}

/** Refuses what a key has answered. */
export function unusable(reason: string): never {
  throw new SessionRefused('UnusableSignature', reason, 'sign with another key or authenticator')
}
