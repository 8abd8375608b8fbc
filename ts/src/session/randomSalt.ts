import { type Hash, bytesToHex } from 'viem'

/** Returns 32 random bytes for one revocation of all sessions.
 *
 * The next epoch is a hash that they are in: without them, whoever brings a revocation to the chain
 * could foresee it, and have a session signed for it in advance. Make them anew each time, and never
 * take them from outside. */
export function randomSalt(): Hash {
  return bytesToHex(crypto.getRandomValues(new Uint8Array(32)))
}
