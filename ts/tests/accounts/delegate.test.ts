import assert from 'node:assert/strict'
import { type webcrypto, KeyObject, sign } from 'node:crypto'
import test from 'node:test'
import { delegateAddress, p256Delegate, secp256k1Delegate, webAuthnDelegate } from 'smart-session'
import {
  type Hex,
  bytesToHex,
  concat,
  hexToBytes,
  keccak256,
  recoverAddress,
  sha256,
  size,
  slice,
  toHex,
} from 'viem'
import { toWebAuthnAccount } from 'viem/account-abstraction'
import { privateKeyToAccount } from 'viem/accounts'

const digests = Array.from({ length: 20 }, (_, i) => keccak256(toHex(i)))
const P256_ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n
const SECP256K1_ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n
const SECRET: Hex = `0x${'07'.repeat(32)}`

test('a secp256k1 delegate is its Ethereum address, and signs digests as they are', async () => {
  const delegate = secp256k1Delegate(`0x${'00'.repeat(31)}01`)

  assert.equal(delegate.kind, 0)
  assert.equal(delegate.address, '0x7E5F4552091A69125d5DfCb7b8C2659029395Bdf')
  for (const hash of digests) {
    const signature = await delegate.sign(hash)
    assert.equal(await recoverAddress({ hash, signature }), delegate.address)
    assert.match(signature, /1[bc]$/)
  }
})

test('a high s of another signer is lowered, and its v turned', async () => {
  const account = privateKeyToAccount(SECRET)
  const high = {
    ...account,
    sign: async ({ hash }: { hash: Hex }) => {
      const low = await account.sign({ hash })
      const s = SECP256K1_ORDER - BigInt(slice(low, 32, 64))
      return concat([
        slice(low, 0, 32),
        toHex(s, { size: 32 }),
        low.endsWith('1b') ? '0x01' : '0x00',
      ])
    },
  }

  for (const hash of digests) {
    assert.equal(await secp256k1Delegate(high).sign(hash), await account.sign({ hash }))
  }
})

test('an account that cannot sign hashes is refused', () => {
  const { sign: _, ...account } = privateKeyToAccount(SECRET)

  assert.throws(() => secp256k1Delegate(account as never), { code: 'WrongKey' })
})

async function p256Keys(): Promise<webcrypto.CryptoKeyPair> {
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256' }
  return (await crypto.subtle.generateKey(algorithm, false, ['sign', 'verify'])) as never
}

async function pointOf({ publicKey }: webcrypto.CryptoKeyPair): Promise<Hex> {
  return slice(bytesToHex(new Uint8Array(await crypto.subtle.exportKey('raw', publicKey))), 1)
}

async function verifies(key: webcrypto.CryptoKey, signature: Hex, data: Hex): Promise<boolean> {
  const algorithm = { name: 'ECDSA', hash: 'SHA-256' }
  const bytes = (hex: Hex) => new Uint8Array(hexToBytes(hex))
  return crypto.subtle.verify(algorithm, key, bytes(signature), bytes(data))
}

test('a P-256 delegate signs the hash of the digest, with a low s and its point', async () => {
  const keys = await p256Keys()
  const point = await pointOf(keys)
  const delegate = await p256Delegate(keys)

  assert.equal(delegate.kind, 1)
  assert.equal(delegate.address, slice(keccak256(point), 12))
  for (const digest of digests) {
    const signature = await delegate.sign(digest)
    assert.equal(size(signature), 128)
    assert.equal(slice(signature, 64), point)
    assert.ok(BigInt(slice(signature, 32, 64)) <= P256_ORDER / 2n)
    assert.ok(await verifies(keys.publicKey, slice(signature, 0, 64), digest))
  }
})

/** A passkey in memory: what a browser and an authenticator would answer. */
function passkey(
  keys: webcrypto.CryptoKeyPair,
  publicKey: Hex,
  { flags = 5, type = 'webauthn.get' } = {},
) {
  return toWebAuthnAccount({
    credential: { id: 'AQID', publicKey },
    rpId: 'game.example',
    getFn: (async ({ publicKey: request }: CredentialRequestOptions) => {
      const challenge = Buffer.from(request!.challenge as Uint8Array).toString('base64url')
      const origin = 'https://game.example'
      const clientData = Buffer.from(
        JSON.stringify({ type, challenge, origin, crossOrigin: false }),
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

test('a passkey signs the digest as its challenge', async () => {
  const keys = await p256Keys()
  const point = await pointOf(keys)
  const delegate = webAuthnDelegate(passkey(keys, point))

  assert.equal(delegate.kind, 2)
  assert.equal(delegate.address, delegateAddress(point))
  for (const digest of digests) {
    const signature = await delegate.sign(digest)
    assert.equal(slice(signature, 0, 2), '0x0025')
    const authenticatorData = slice(signature, 2, 39)
    const length = Number(slice(signature, 39, 41))
    const clientData = slice(signature, 41, 41 + length)
    const rsxy = slice(signature, 41 + length)
    const challenge = Buffer.from(hexToBytes(digest)).toString('base64url')
    const start = `{"type":"webauthn.get","challenge":"${challenge}"`
    assert.ok(Buffer.from(hexToBytes(clientData)).toString().startsWith(start))
    assert.equal(size(rsxy), 128)
    assert.equal(slice(rsxy, 64), point)
    assert.ok(BigInt(slice(rsxy, 32, 64)) <= P256_ORDER / 2n)
    const signed = concat([authenticatorData, sha256(clientData)])
    assert.ok(await verifies(keys.publicKey, slice(rsxy, 0, 64), signed))
  }
})

test('a public key may carry the prefix of an uncompressed point', async () => {
  const keys = await p256Keys()
  const point = await pointOf(keys)

  const delegate = webAuthnDelegate(passkey(keys, concat(['0x04', point])))

  assert.equal(delegate.address, delegateAddress(point))
})

test('a passkey answer that the module would not take is refused', async () => {
  const keys = await p256Keys()
  const point = await pointOf(keys)
  const absent = webAuthnDelegate(passkey(keys, point, { flags: 4 }))
  const created = webAuthnDelegate(passkey(keys, point, { type: 'webauthn.create' }))

  for (const delegate of [absent, created]) {
    await assert.rejects(delegate.sign(digests[0]!), { code: 'UnusableSignature' })
  }
})

test('a key that is no P-256 point is refused', () => {
  const account = { publicKey: '0x0203', sign: async () => assert.fail() } as const

  assert.throws(() => webAuthnDelegate(account), { code: 'WrongKey' })
})
