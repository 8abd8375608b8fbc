// P-256 keys and passkeys in memory: what a browser and an authenticator would answer.

import { KeyObject, sign, type webcrypto } from 'node:crypto'
import { type Hex, bytesToHex, hexToBytes, sha256, slice, toHex } from 'viem'
import { toWebAuthnAccount } from 'viem/account-abstraction'

/** Makes a key pair that signs. */
export async function p256Keys(name = 'ECDSA'): Promise<webcrypto.CryptoKeyPair> {
  const usages = name === 'ECDSA' ? ['sign', 'verify'] : ['deriveBits']
  const curve = { name, namedCurve: 'P-256' }
  return (await crypto.subtle.generateKey(curve, false, usages as never)) as never
}

/** The public point of a key pair, x ‖ y. */
export async function pointOf({ publicKey }: webcrypto.CryptoKeyPair): Promise<Hex> {
  return slice(bytesToHex(new Uint8Array(await crypto.subtle.exportKey('raw', publicKey))), 1)
}

/** A passkey's account.
 *
 * @param keys the pair that signs; its own point is the public key unless another one is given. */
export function passkey(
  keys: webcrypto.CryptoKeyPair,
  publicKey: Hex,
  { flags = 5, type = 'webauthn.get', more = {} } = {},
) {
  return toWebAuthnAccount({
    credential: { id: 'AQID', publicKey },
    rpId: 'game.example',
    getFn: (async ({ publicKey: request }: CredentialRequestOptions) => {
      const challenge = Buffer.from(request!.challenge as Uint8Array).toString('base64url')
      const origin = 'https://game.example'
      const clientData = Buffer.from(
        JSON.stringify({ type, challenge, origin, crossOrigin: false, ...more }),
      )
      const authenticatorData = Buffer.concat([
        hexToBytes(sha256(toHex('game.example'))),
        Buffer.from([flags, 0, 0, 0, 9]),
      ])
      const signed = Buffer.concat([authenticatorData, hexToBytes(sha256(clientData))])
      const key = KeyObject.from(keys.privateKey)
      const response = {
        authenticatorData: new Uint8Array(authenticatorData).buffer,
        clientDataJSON: new Uint8Array(clientData).buffer,
        signature: new Uint8Array(sign('sha256', signed, { key, dsaEncoding: 'der' })).buffer,
      }
      return { id: 'AQID', type: 'public-key', response }
    }) as never,
  })
}
