import assert from 'node:assert/strict'
import { createECDH, createPublicKey, verify } from 'node:crypto'
import test from 'node:test'
import { DELEGATE_KIND, type Session, secp256k1Delegate, sessionId } from 'smart-session'
import {
  type Disclosure,
  type Message,
  delegateAddress,
  draftDirect,
  draftEnable,
  draftSignature,
  draftUse,
  dummyOperation,
  messageHash,
  operationDigest,
  orderDigest,
  packOrder,
  packSession,
  readMessage,
  revokeDigest,
  sealOperation,
  sealSignature,
  sessionDigest,
  signatureDigest,
  unpackSession,
} from 'smart-session/format'
import { revokeAllTypedData } from 'smart-session/owner'
import { delegationContext } from 'smart-session/permissions'
import {
  type Address,
  type Hash,
  type Hex,
  type TypedDataDefinition,
  concat,
  hashTypedData,
  hexToBytes,
  hexToString,
  sha256,
  size,
  slice,
} from 'viem'
import { read } from '../repository.js'
import { type Decimal, type VectorSession, sessionOf } from './sessionOf.js'

/** What is shown in full; `null` for everything. */
type Shown = {
  chainId: Decimal | null
  permissions: number[] | null
  signing: number[] | null
}
type Vector = {
  name: string
  delegateSecret: Hex
  session: VectorSession
  id: Hash
  digest: Hash
  packed: Hex
  disclosed: (Shown & { packed: Hex })[]
  operation: {
    mode: 'use' | 'enable'
    disclosure: Shown
    permissionIndices: number[]
    claimedTime: number | null
    ownerSignature: Hex | null
    userOpHash: Hash
    digest: Hash
    delegateSignature: Hex
    signature: Hex
    direct: Hex
    context: Hex
    order: {
      chainId: Decimal
      mode: Hex
      executionCalldata: Hex
      nonce: number
      deadline: number
      gas: number
      relayer: Address
      digest: Hash
      delegateSignature: Hex
      order: Hex
    }
  } | null
  signing: {
    disclosure: Shown
    scope: number
    words: Hex[]
    hash: Hash
    digest: Hash
    delegateSignature: Hex
    signature: Hex
  } | null
}
type Operation = NonNullable<Vector['operation']>
type Vectors = {
  module: Address
  vectors: Vector[]
  revocations: {
    one: { account: Address; sessionId: Hash; digest: Hash }
    all: { account: Address; chainId: Decimal; epoch: Decimal; salt: Hash; digest: Hash }
  }
}

const { module, vectors, revocations } = JSON.parse(read('tests/vectors/sessions.json')) as Vectors

assert.ok(vectors.length > 0, 'the file of vectors is empty')
for (const vector of vectors) {
  test(`shared vector: ${vector.name}`, async () => {
    const session = sessionOf(vector.session)
    const { operation, signing } = vector

    checkSession(session, vector)
    if (operation !== null) await checkOperation(session, operation, vector)
    if (signing !== null) await checkSigning(session, signing, vector)
    assert.ok(operation !== null || signing !== null, 'something is done with every session')
  })
}

test('shared vector: revocations', () => {
  const { one, all } = revocations
  const chain = { chainId: BigInt(all.chainId), epoch: BigInt(all.epoch) }

  assert.equal(revokeDigest(module, one.account, one.sessionId), one.digest)
  assert.equal(hashTypedData(revokeAllTypedData(module, all.account, chain, all.salt)), all.digest)
})

function checkSession(session: Session, vector: Vector): void {
  assert.equal(sessionId(session), vector.id, 'id')
  assert.equal(sessionDigest(module, session), vector.digest, 'digest')
  assert.equal(packSession(session), vector.packed, 'packed')
  assert.equal(sessionId(unpackSession(session.account, vector.packed)), vector.id, 'unpacked')
  for (const { packed, ...shown } of vector.disclosed) {
    assert.equal(packSession(session, toDisclosure(shown)), packed, JSON.stringify(shown))
  }
}

async function checkOperation(
  session: Session,
  operation: Operation,
  vector: Vector,
): Promise<void> {
  const { permissionIndices, claimedTime, ownerSignature, userOpHash } = operation
  const { delegateSignature } = operation
  const disclosure = toDisclosure(operation.disclosure)
  const terms = { session, permissions: permissionIndices, claimedTime: claimedTime ?? undefined }

  assert.equal(ownerSignature !== null, operation.mode === 'enable', 'who has an owner signature')
  const draft =
    ownerSignature === null ? draftUse(terms, disclosure) : draftEnable(terms, ownerSignature)

  const digest = operationDigest(module, draft, userOpHash)
  assert.equal(digest, operation.digest, 'operation digest')
  assert.equal(sealOperation(draft, delegateSignature), operation.signature, 'sealed')
  // What a browser says about itself has no fixed length; a dummy reckons with more than here.
  const surplus = session.delegateKind === DELEGATE_KIND.webAuthn ? 134 - CLIENT_DATA.length : 0
  const length = size(operation.signature) + surplus
  assert.equal(size(dummyOperation(draft, 134)), length, 'length of a dummy')
  await checkDelegate(vector, digest, delegateSignature)
  await checkDirect(session, operation, vector)
}

/** The same calls without a bundler: directly, as an order, and as a permission context. */
async function checkDirect(
  session: Session,
  { ownerSignature, permissionIndices, disclosure, direct, context, order }: Operation,
  vector: Vector,
): Promise<void> {
  const shown = toDisclosure(disclosure)
  const owner = ownerSignature ?? undefined
  const terms = { session, permissions: permissionIndices }
  const { digest, delegateSignature, chainId, ...bounds } = order
  const draft = {
    ...draftDirect(terms, shown, owner),
    ...bounds,
    module,
    account: session.account,
    chainId: BigInt(chainId),
    epoch: 0n,
  }

  assert.equal(draft.packed, direct, 'direct')
  assert.equal(orderDigest(draft), digest, 'order digest')
  assert.equal(packOrder(draft, delegateSignature), order.order, 'order')
  await checkDelegate(vector, digest, delegateSignature)
  const granted = owner === undefined ? { session } : { session, ownerSignature: owner }
  assert.equal(delegationContext(granted, shown), context, 'context')
}

async function checkSigning(
  session: Session,
  signing: NonNullable<Vector['signing']>,
  vector: Vector,
): Promise<void> {
  const { words, hash, scope, delegateSignature } = signing
  const { domainSeparator, typeHash } = session.signing[scope]!
  const message: Message = { domainSeparator, typeHash, words }
  assert.equal(messageHash(message), hash, 'hash')
  assert.equal(hashTypedData(PERMIT), hash, 'the hash of the typed data')
  assert.deepEqual(readMessage(PERMIT), message, 'the typed data taken apart')

  const draft = draftSignature(session, message, toDisclosure(signing.disclosure))

  const digest = signatureDigest(module, draft, hash)
  assert.equal(digest, signing.digest, 'signature digest')
  assert.equal(sealSignature(draft, delegateSignature), signing.signature, 'sealed')
  await checkDelegate(vector, digest, delegateSignature)
}

/** The client data of the vectors' passkey. */
const CLIENT_DATA = JSON.stringify({
  type: 'webauthn.get',
  challenge: 'x'.repeat(43),
  origin: 'https://game.example',
  crossOrigin: false,
})

/** The message that the vectors sign, as an app writes it. */
const PERMIT: TypedDataDefinition = {
  domain: {
    name: 'USD Coin',
    version: '2',
    chainId: 42161,
    verifyingContract: '0xaf88d065e77c8cC2239327C5EDb3A432268e5831',
  },
  types: {
    Permit: [
      { name: 'owner', type: 'address' },
      { name: 'spender', type: 'address' },
      { name: 'value', type: 'uint256' },
      { name: 'nonce', type: 'uint256' },
      { name: 'deadline', type: 'uint256' },
    ],
  },
  primaryType: 'Permit',
  message: {
    owner: `0x${'a1'.repeat(20)}`,
    spender: `0x${'59'.repeat(20)}`,
    value: 25_000_000n,
    nonce: 3n,
    deadline: 1_700_007_200n,
  },
}

/** Checks that the session is for the key, and that its signature holds: the very bytes for
 * secp256k1, whose signatures are deterministic, and by node's own cryptography for P-256. */
async function checkDelegate(vector: Vector, digest: Hash, signature: Hex): Promise<void> {
  const { delegateSecret } = vector
  const { delegate, delegateKind } = vector.session
  if (delegateKind === DELEGATE_KIND.secp256k1) {
    const key = secp256k1Delegate(delegateSecret)
    assert.equal(key.address.toLowerCase(), delegate)
    assert.equal(await key.sign(digest), signature)
    return
  }
  const point = slice(signature, size(signature) - 64)
  assert.equal(delegateAddress(point), delegate)
  assert.equal(publicPoint(delegateSecret), point, 'the point is that of the secret')
  const rs = slice(signature, size(signature) - 128, size(signature) - 64)
  const signed = delegateKind === DELEGATE_KIND.p256 ? digest : signedByPasskey(digest, signature)
  assert.ok(verifies(point, signed, rs), 'the signature holds')
}

/** What a passkey signed: authenticator data and the hash of client data that has the digest. */
function signedByPasskey(digest: Hash, signature: Hex): Hex {
  const first = Number(slice(signature, 0, 2))
  const authenticatorData = slice(signature, 2, 2 + first)
  const second = Number(slice(signature, 2 + first, 4 + first))
  const clientData = slice(signature, 4 + first, 4 + first + second)
  const { type, challenge } = JSON.parse(hexToString(clientData)) as Record<string, string>
  assert.equal(type, 'webauthn.get')
  assert.equal(challenge, Buffer.from(hexToBytes(digest)).toString('base64url'))
  return concat([authenticatorData, sha256(clientData)])
}

function publicPoint(secret: Hex): Hex {
  const curve = createECDH('prime256v1')
  curve.setPrivateKey(Buffer.from(hexToBytes(secret)))
  return `0x${curve.getPublicKey('hex').slice(2)}`
}

function verifies(point: Hex, message: Hex, signature: Hex): boolean {
  const coordinate = (from: number) =>
    Buffer.from(hexToBytes(slice(point, from, from + 32))).toString('base64url')
  const jwk = { kty: 'EC', crv: 'P-256', x: coordinate(0), y: coordinate(32) }
  const key = createPublicKey({ key: jwk, format: 'jwk' })
  const options = { key, dsaEncoding: 'ieee-p1363' } as const
  return verify('sha256', hexToBytes(message), options, hexToBytes(signature))
}

function toDisclosure({ chainId, permissions, signing }: Shown): Disclosure {
  return {
    ...(chainId === null ? {} : { chainId: BigInt(chainId) }),
    ...(permissions === null ? {} : { permissions }),
    ...(signing === null ? {} : { signing }),
  }
}
