import { bytesToHex, concat, hexToBytes } from 'viem'
import { SessionRefused } from '../errors/sessionRefused.js'
import { DELEGATE_KIND } from '../session/session.js'
import type { Delegate } from './delegate.js'
import { delegateAddress } from './delegateAddress.js'
import { P256_ORDER, packLowS, readSignature, unusable } from './ecdsaSignature.js'
import { p256Point } from './p256Point.js'
import { ECDSA, type WebCryptoKey, verifyP256, webCrypto } from './webCrypto.js'

/** A P-256 key of WebCrypto. The private one need not be extractable. */
export type P256KeyPair = { readonly privateKey: WebCryptoKey; readonly publicKey: WebCryptoKey }

/** Returns the delegate of a P-256 key: kind 1, signatures r ‖ s ‖ x ‖ y over the SHA-256 of the
 * digest, as WebCrypto signs.
 *
 * @param keys made by `crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, …)`.
 * @throws {@link SessionRefused} if they are keys for something else, or there is no WebCrypto. */
export async function p256Delegate(keys: P256KeyPair): Promise<Delegate> {
  const subtle = webCrypto()
  checkKeys(keys)
  const raw = bytesToHex(new Uint8Array(await subtle.exportKey('raw', keys.publicKey)))
  const point = p256Point(raw)
  return {
    kind: DELEGATE_KIND.p256,
    address: delegateAddress(point),
    async sign(digest) {
      const bytes = new Uint8Array(hexToBytes(digest))
      const given = bytesToHex(new Uint8Array(await subtle.sign(ECDSA, keys.privateKey, bytes)))
      const rs = packLowS(readSignature(given, P256_ORDER), P256_ORDER)
      if (!(await verifyP256(point, rs, digest))) unusable('the two keys are not of one pair')
      return concat([rs, point])
    },
  }
}

function checkKeys({ privateKey, publicKey }: P256KeyPair): void {
  for (const { algorithm } of [privateKey, publicKey]) {
    const { name, namedCurve } = algorithm as { name: string; namedCurve?: string }
    if (name === 'ECDSA' && namedCurve === 'P-256') continue
    throw new SessionRefused(
      'WrongKey',
      `the key is for ${[name, namedCurve].filter(Boolean).join(' ')}, not for ECDSA P-256`,
      "make it by generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign', 'verify'])",
    )
  }
  if (privateKey.usages.includes('sign')) return
  const remedy = "name 'sign' among its usages when it is made"
  throw new SessionRefused('WrongKey', 'the private key may not sign', remedy)
}
