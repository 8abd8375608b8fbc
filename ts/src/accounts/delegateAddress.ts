import { type Address, type Hex, isHex, keccak256, size, slice } from 'viem'
import { SessionRefused } from '../errors/sessionRefused.js'

/** Returns what stands for a P-256 key in a session: the last 20 bytes of `keccak256(x ‖ y)`.
 *
 * @param point x ‖ y, 64 bytes. */
export function delegateAddress(point: Hex): Address {
  return slice(keccak256(point), 12)
}

/** x ‖ y of a public key that may carry the prefix of an uncompressed point. */
export function pointOf(publicKey: Hex): Hex {
  const point =
    size(publicKey) === 65 && publicKey.startsWith('0x04') ? slice(publicKey, 1) : publicKey
  if (!isHex(point) || size(point) !== 64) {
    throw new SessionRefused(
      'WrongKey',
      `${publicKey} is not an uncompressed P-256 point`,
      'give x ‖ y, 64 bytes, with or without the prefix 04',
    )
  }
  return point
}
