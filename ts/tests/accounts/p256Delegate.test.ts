import assert from 'node:assert/strict'
import type { webcrypto } from 'node:crypto'
import test from 'node:test'
import { p256Delegate } from 'smart-session'
import { type Hex, hexToBytes, keccak256, size, slice, toHex } from 'viem'
import { p256Keys, pointOf } from '../keys.js'

const digests = Array.from({ length: 20 }, (_, i) => keccak256(toHex(i)))
const P256_ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n

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

test('a key that is not for signing is refused', async () => {
  const exchange = await p256Keys('ECDH')
  const curve = { name: 'ECDSA', namedCurve: 'P-384' }
  const other = await crypto.subtle.generateKey(curve, false, ['sign', 'verify'])

  await assert.rejects(p256Delegate(exchange), {
    name: 'SessionRefused',
    code: 'WrongKey',
    reason: 'the key is for ECDH P-256, not for ECDSA P-256',
  })
  await assert.rejects(p256Delegate(other), { code: 'WrongKey' })
  const { publicKey } = await p256Keys()
  await assert.rejects(p256Delegate({ privateKey: publicKey, publicKey }), { code: 'WrongKey' })
})

test('keys of two pairs sign nothing that goes out', async () => {
  const [{ privateKey }, { publicKey }] = [await p256Keys(), await p256Keys()]
  const delegate = await p256Delegate({ privateKey, publicKey })

  await assert.rejects(delegate.sign(digests[0]!), { code: 'UnusableSignature' })
})

test('a page without WebCrypto is told why', async () => {
  const keys = await p256Keys()
  const { crypto } = globalThis
  Object.defineProperty(globalThis, 'crypto', { value: {}, configurable: true })

  try {
    await assert.rejects(p256Delegate(keys), { code: 'NoWebCrypto', remedy: /https/ })
  } finally {
    Object.defineProperty(globalThis, 'crypto', { value: crypto, configurable: true })
  }
})
