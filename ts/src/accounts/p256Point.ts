import { type Hex, isHex, size, slice } from 'viem'
import { SessionRefused } from '../errors/sessionRefused.js'

/** The field of P-256, and the last term of its equation, y² = x³ − 3x + b. */
const FIELD = 0xffffffff00000001000000000000000000000000ffffffffffffffffffffffffn
const B = 0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604bn

/** Returns x ‖ y of a public key that may carry the prefix of an uncompressed point.
 *
 * @throws {@link SessionRefused} if it is no point of P-256. */
export function p256Point(publicKey: Hex): Hex {
  const isPrefixed = isHex(publicKey) && size(publicKey) === 65 && publicKey.startsWith('0x04')
  const point = isPrefixed ? slice(publicKey, 1) : publicKey
  if (!isHex(point) || size(point) !== 64) {
    throw new SessionRefused(
      'WrongKey',
      `${publicKey} is not an uncompressed P-256 point`,
      'give x ‖ y, 64 bytes, with or without the prefix 04',
    )
  }
  if (!isOnCurve(BigInt(slice(point, 0, 32)), BigInt(slice(point, 32)))) {
    throw new SessionRefused(
      'WrongKey',
      `${publicKey} is not a point of P-256`,
      'give the public key of a P-256 key pair',
    )
  }
  return point
}

function isOnCurve(x: bigint, y: bigint): boolean {
  return x < FIELD && y < FIELD && (y * y - (x * x * x - 3n * x + B)) % FIELD === 0n
}
