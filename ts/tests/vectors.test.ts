import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import test from 'node:test'
import {
  type Disclosure,
  type Session,
  WHOLE,
  draftEnable,
  draftUse,
  dummyOperation,
  operationDigest,
  packSession,
  sessionDigest,
  sessionId,
  unpackSession,
} from 'smart-session'
import { type Address, type Hash, type Hex, concat, size } from 'viem'

/** Decimal text, which JSON carries without loss. */
type Decimal = string
type Rules = { index: number; min: Decimal; max: Decimal }[]
type Shown = {
  chainId: Decimal | null
  permissions: number[] | null
  signing: number[] | null
}
type Vector = {
  name: string
  session: {
    account: Address
    chains: { chainId: Decimal; epoch: Decimal }[]
    delegate: Address
    delegateKind: number
    validAfter: number
    validUntil: number
    maxCalls: number
    feeLimit: Decimal
    paymaster: Address
    permissions: { target: Address; selector: Hex; valueLimit: Decimal; rules: Rules }[]
    budgets: { token: Address; amount: Decimal; period: number }[]
    signing: { domainSeparator: Hex; typeHash: Hex; rules: Rules }[]
    salt: Decimal
  }
  id: Hash
  digest: Hash
  packed: Hex
  disclosed: (Shown & { packed: Hex })[]
  operation: {
    mode: 'use' | 'enable'
    permissionIndices: number[]
    claimedTime: number | null
    ownerSignature: Hex | null
    /** What a use discloses; everything if left out. */
    disclosure?: Shown
    userOpHash: Hash
    digest: Hash
    dummy: Hex
  }
}
type Vectors = { module: Address; vectors: Vector[] }

// From ts/build to the repository's tests/vectors.
const FILE = new URL('../../tests/vectors/sessions.json', import.meta.url)

if (existsSync(FILE)) {
  const { module, vectors } = JSON.parse(readFileSync(FILE, 'utf8')) as Vectors
  assert.ok(vectors.length > 0, 'the file of vectors is empty')
  for (const vector of vectors) test(`shared vector: ${vector.name}`, () => check(module, vector))
} else {
  const reason = 'tests/vectors/sessions.json is not there: the Rust tests generate it'
  test('shared vectors', { skip: reason }, () => {})
}

function check(module: Address, vector: Vector): void {
  const session = toSession(vector)

  assert.equal(sessionId(session), vector.id, 'id')
  assert.equal(sessionDigest(module, session), vector.digest, 'digest')
  assert.equal(packSession(session), vector.packed, 'packed')
  assert.equal(sessionId(unpackSession(session.account, vector.packed)), vector.id, 'unpacked')
  for (const { packed, ...shown } of vector.disclosed) {
    assert.equal(packSession(session, toDisclosure(shown)), packed, JSON.stringify(shown))
  }
  checkOperation(module, session, vector.operation)
}

function checkOperation(module: Address, session: Session, operation: Vector['operation']): void {
  const { mode, permissionIndices, claimedTime, ownerSignature, userOpHash } = operation
  const disclosure = operation.disclosure ? toDisclosure(operation.disclosure) : WHOLE
  const terms = { session, permissions: permissionIndices, claimedTime: claimedTime ?? undefined }

  assert.equal(ownerSignature !== null, mode === 'enable', 'only an enable has an owner signature')
  const draft =
    ownerSignature === null ? draftUse(terms, disclosure) : draftEnable(terms, ownerSignature)

  assert.equal(operationDigest(module, draft, userOpHash), operation.digest, 'operation digest')
  // Any delegate's signature of the right shape may fill the rest of a dummy.
  const fixed = concat([draft.disclosed, ...(ownerSignature ? [ownerPart(ownerSignature)] : [])])
  assert.ok(operation.dummy.startsWith(fixed), 'what a dummy begins with')
  assert.equal(size(operation.dummy), size(dummyOperation(draft)), 'length of a dummy')
}

function ownerPart(signature: Hex): Hex {
  return concat([`0x${size(signature).toString(16).padStart(4, '0')}`, signature])
}

function toSession({ session }: Vector): Session {
  const rules = (items: Rules) =>
    items.map(({ index, min, max }) => ({ index, min: BigInt(min), max: BigInt(max) }))
  return {
    ...session,
    chains: session.chains.map(({ chainId, epoch }) => ({
      chainId: BigInt(chainId),
      epoch: BigInt(epoch),
    })),
    delegateKind: session.delegateKind as Session['delegateKind'],
    feeLimit: BigInt(session.feeLimit),
    permissions: session.permissions.map((permission) => ({
      ...permission,
      valueLimit: BigInt(permission.valueLimit),
      rules: rules(permission.rules),
    })),
    budgets: session.budgets.map((budget) => ({ ...budget, amount: BigInt(budget.amount) })),
    signing: session.signing.map((scope) => ({ ...scope, rules: rules(scope.rules) })),
    salt: BigInt(session.salt),
  }
}

function toDisclosure({ chainId, permissions, signing }: Shown): Disclosure {
  return {
    ...(chainId === null ? {} : { chainId: BigInt(chainId) }),
    ...(permissions === null ? {} : { permissions }),
    ...(signing === null ? {} : { signing }),
  }
}
