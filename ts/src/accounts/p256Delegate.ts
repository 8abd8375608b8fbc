import { bytesToHex, concat, hexToBytes } from 'viem'
import { DELEGATE_KIND } from '../session/session.js'
import type { Delegate } from './delegate.js'
import { delegateAddress, pointOf } from './delegateAddress.js'
import { P256_ORDER, lowS } from './lowS.js'

/** A P-256 key of WebCrypto. The private one need not be extractable. */
export type P256KeyPair = { readonly privateKey: P256Key; readonly publicKey: P256Key }

/** `CryptoKey`, wherever its type is declared. */
type P256Key = Awaited<ReturnType<typeof crypto.subtle.importKey>>

/** Returns the delegate of a P-256 key: kind 1, signatures r ‖ s ‖ x ‖ y over the SHA-256 of the
 * digest, as WebCrypto signs.
 *
 * @param keys made by `crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, …)`. */
export async function p256Delegate(keys: P256KeyPair): Promise<Delegate> {
  const raw = bytesToHex(new Uint8Array(await crypto.subtle.exportKey('raw', keys.publicKey)))
  const point = pointOf(raw)
  return {
    kind: DELEGATE_KIND.p256,
    address: delegateAddress(point),
    async sign(digest) {
      const signature = await crypto.subtle.sign(
        { name: 'ECDSA', hash: 'SHA-256' },
        keys.privateKey,
        new Uint8Array(hexToBytes(digest)),
      )
      const { r, s } = lowS(bytesToHex(new Uint8Array(signature)), P256_ORDER)
      return concat([r, s, point])
    },
  }
}
