import {
  type Hash,
  type Hex,
  type LocalAccount,
  concat,
  isAddressEqual,
  isHex,
  recoverAddress,
  size,
  slice,
} from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { SessionRefused } from '../errors/sessionRefused.js'
import { DELEGATE_KIND } from '../session/session.js'
import type { Delegate } from './delegate.js'
import { SECP256K1_ORDER, packLowS, readSignature, unusable } from './ecdsaSignature.js'

/** Returns the delegate of a secp256k1 key: kind 0, signatures r ‖ s ‖ v.
 *
 * @param key a viem account that signs hashes, or a secret key of 32 bytes. Its signatures may have
 * 65 bytes, with a v of 0, 1, 27 or 28, or none and 64 bytes, or be in DER.
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
      const rs = packLowS(readSignature(withoutV(signature), SECP256K1_ORDER), SECP256K1_ORDER)
      // Lowering s turns v around: the one that gives the address is the right one.
      for (const v of ['0x1b', '0x1c'] as const) {
        const complete = concat([rs, v])
        if (await isOf(address, digest, complete)) return complete
      }
      return unusable(`the key has not signed the digest as ${address}`)
    },
  }
}

function withoutV(signature: Hex): Hex {
  if (!isHex(signature) || size(signature) !== 65) return signature
  const v = Number(slice(signature, 64))
  if (![0, 1, 27, 28].includes(v)) return unusable(`the signature's v is ${v}, not 0, 1, 27 or 28`)
  return slice(signature, 0, 64)
}

async function isOf(address: Hex, hash: Hash, signature: Hex): Promise<boolean> {
  try {
    return isAddressEqual(await recoverAddress({ hash, signature }), address)
  } catch {
    // Not every r is one of a point.
    return false
  }
}
