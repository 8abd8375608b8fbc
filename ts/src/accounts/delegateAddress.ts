import { type Address, type Hex, keccak256, slice } from 'viem'

/** Returns what stands for a P-256 key in a session: the last 20 bytes of `keccak256(x ‖ y)`.
 *
 * @param point x ‖ y, 64 bytes. */
export function delegateAddress(point: Hex): Address {
  return slice(keccak256(point), 12)
}
