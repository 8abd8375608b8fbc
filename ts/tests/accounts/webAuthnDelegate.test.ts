import assert from 'node:assert/strict'
import test from 'node:test'
import { webAuthnDelegate } from 'smart-session'
import { delegateAddress } from 'smart-session/format'
import { type Hex, concat, hexToBytes, keccak256, sha256, size, slice, toHex } from 'viem'
import { p256Keys, passkey, pointOf } from '../keys.js'

const digests = Array.from({ length: 20 }, (_, i) => keccak256(toHex(i)))
const P256_ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n

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
    const bytes = (hex: Hex) => new Uint8Array(hexToBytes(hex))
    const algorithm = { name: 'ECDSA', hash: 'SHA-256' }
    const signatureBytes = bytes(slice(rsxy, 0, 64))
    assert.ok(await crypto.subtle.verify(algorithm, keys.publicKey, signatureBytes, bytes(signed)))
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
  const another = webAuthnDelegate(passkey(keys, await pointOf(await p256Keys())))

  for (const delegate of [absent, created, another]) {
    await assert.rejects(delegate.sign(digests[0]!), { code: 'UnusableSignature' })
  }
})

test('a user who declines is told as such', async () => {
  const publicKey = await pointOf(await p256Keys())
  for (const name of ['NotAllowedError', 'AbortError']) {
    const declined = new Error('failed', { cause: Object.assign(new Error('no'), { name }) })
    const sign = () => Promise.reject(declined)

    const signing = webAuthnDelegate({ publicKey, sign }).sign(digests[0]!)

    await assert.rejects(signing, { name: 'SessionRefused', code: 'Cancelled', cause: declined })
  }
  const broken = new Error('out of order')
  const sign = () => Promise.reject(broken)
  await assert.rejects(webAuthnDelegate({ publicKey, sign }).sign(digests[0]!), broken)
})

test('a key that is no P-256 point is refused', async () => {
  const point = await pointOf(await p256Keys())
  const beside = concat([slice(point, 0, 63), point.endsWith('00') ? '0x01' : '0x00'])
  const sign = async () => assert.fail()

  for (const publicKey of ['0x0203', beside, `0x${'00'.repeat(64)}`, `0x${'ff'.repeat(64)}`]) {
    const account = { publicKey: publicKey as Hex, sign }
    assert.throws(() => webAuthnDelegate(account), { code: 'WrongKey' }, publicKey)
  }
})
