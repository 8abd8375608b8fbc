import { type Hex, type LocalAccount, concat, numberToHex, size, slice } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { SessionRefused } from '../errors/sessionRefused.js'
import { DELEGATE_KIND } from '../session/session.js'
import type { Delegate } from './delegate.js'
import { lowS, unusable } from './lowS.js'

/** The order of secp256k1. */
const SECP256K1_ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n

/** Returns the delegate of a secp256k1 key: kind 0, signatures r ‖ s ‖ v.
 *
 * @param key a viem account that signs hashes, or a secret key of 32 bytes.
 * @throws {@link SessionRefused} if the account cannot sign hashes. */
export function secp256k1Delegate(key: LocalAccount | Hex): Delegate {
  const account = typeof key === 'string' ? privateKeyToAccount(key) : key
  const { address, sign } = account
  if (sign === undefined) {
    throw new SessionRefused(
      'WrongKey',
      `account ${address} cannot sign hashes`,
      'use a local account with `sign`, as privateKeyToAccount makes it',
    )
  }
  return {
    kind: DELEGATE_KIND.secp256k1,
    address,
    async sign(digest) {
      const signature = await sign({ hash: digest })
      if (size(signature) !== 65) {
        return unusable(`a secp256k1 signature has 65 bytes, not ${size(signature)}`)
      }
      const { r, s, isFlipped } = lowS(signature, SECP256K1_ORDER)
      const v = Number(slice(signature, 64))
      const parity = (v >= 27 ? v - 27 : v) ^ Number(isFlipped)
      return concat([r, s, numberToHex(27 + parity, { size: 1 })])
    },
  }
}
