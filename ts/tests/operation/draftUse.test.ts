import assert from 'node:assert/strict'
import test from 'node:test'
import { sessionId } from 'smart-session'
import {
  discloseUsed,
  draftEnable,
  draftUse,
  dummyOperation,
  operationDigest,
  packSession,
  sealOperation,
} from 'smart-session/format'
import { type Hex, concat, encodeAbiParameters, keccak256, size, toHex } from 'viem'
import { MODULE, MOMENT, game, rich } from '../sessions.js'

const HASH: Hex = `0x${'ab'.repeat(32)}`
const SIGNATURE: Hex = `0x${'51'.repeat(65)}`

test('a use is mode, session, indices, signature', () => {
  const draft = draftUse({ session: game, permissions: [0, 0] })

  const expected = concat(['0x00', packSession(game), '0x0000', SIGNATURE])
  assert.equal(sealOperation(draft, SIGNATURE), expected)
})

test('the game session with one call is at most 200 bytes', () => {
  const draft = draftUse({ session: game, permissions: [0] }, discloseUsed(42161n, [0]))

  assert.ok(size(dummyOperation(draft)) <= 200)
})

test('a periodic budget puts the claimed time behind the indices', () => {
  const draft = draftUse(
    { session: rich, permissions: [1], claimedTime: MOMENT },
    discloseUsed(42161n, [1]),
  )

  const packed = packSession(rich, { chainId: 42161n, permissions: [1], signing: [] })
  assert.equal(draft.disclosed, concat(['0x00', packed, '0x01', '0x00006553f164']))
})

test('an enable carries the session whole, and the owner signature behind its length', () => {
  const owner: Hex = `0x${'0e'.repeat(300)}`
  const draft = draftEnable({ session: game, permissions: [0] }, owner)

  const expected = concat(['0x01', packSession(game), '0x00', '0x012c', owner, SIGNATURE])
  assert.equal(sealOperation(draft, SIGNATURE), expected)
})

test('the digest binds module, user operation, session and what is disclosed', () => {
  const draft = draftUse({ session: game, permissions: [0] })
  const word = { type: 'bytes32' } as const
  const domain = keccak256(
    encodeAbiParameters(
      [word, word, word, { type: 'address' }],
      [
        keccak256(toHex('EIP712Domain(string name,string version,address verifyingContract)')),
        keccak256(toHex('Smart Session')),
        keccak256(toHex('1')),
        MODULE,
      ],
    ),
  )
  const struct = keccak256(
    concat([
      keccak256(toHex('SessionOperation(bytes32 userOpHash,bytes32 sessionId,bytes32 disclosure)')),
      HASH,
      sessionId(game),
      keccak256(concat(['0x00', packSession(game), '0x00'])),
    ]),
  )

  assert.equal(operationDigest(MODULE, draft, HASH), keccak256(concat(['0x1901', domain, struct])))
})

test('the owner signature is outside the digest', () => {
  const terms = { session: game, permissions: [0] }
  const [one, other] = (['0x01', '0x02'] as const).map((owner) => draftEnable(terms, owner))

  assert.equal(operationDigest(MODULE, one!, HASH), operationDigest(MODULE, other!, HASH))
})

test('a dummy is as long as a real signature of its kind', () => {
  const lengths = ([0, 1, 2] as const).map((delegateKind) => {
    const draft = draftUse({ session: { ...game, delegateKind }, permissions: [0] })
    return size(dummyOperation(draft)) - size(draft.disclosed)
  })

  assert.deepEqual(lengths, [65, 128, 2 + 37 + 2 + 256 + 128])
})

test('a dummy of a passkey has the shape that the module reads', () => {
  const draft = draftUse({ session: { ...game, delegateKind: 2 }, permissions: [0] })
  const signature = dummyOperation(draft).slice(draft.disclosed.length)

  assert.equal(signature.slice(0, 4), '0025')
  assert.equal(signature.slice(4 + 37 * 2, 4 + 37 * 2 + 4), '0100')
  const longer = dummyOperation(draft, 300).slice(draft.disclosed.length)
  assert.equal(longer.slice(4 + 37 * 2, 4 + 37 * 2 + 4), '012c')
  assert.equal(longer.length - signature.length, 2 * 44)
})

test('what the module would not read is refused', () => {
  const refused = (make: () => unknown, code: string) =>
    assert.throws(make, { name: 'SessionRefused', code })
  const use = (permissions: number[], claimedTime?: number, session = game) =>
    draftUse({ session, permissions, claimedTime })

  refused(() => use([]), 'NoExecution')
  refused(() => use(Array.from({ length: 33 }, () => 0)), 'TooManyExecutions')
  refused(() => use([0, 1]), 'UnknownPermission')
  refused(() => use([0], MOMENT), 'ClaimedTimeNotWanted')
  refused(() => use([0], undefined, rich), 'ClaimedTimeMissing')
  refused(() => use([0], rich.validAfter - 1, rich), 'ClaimedTimeOutsideWindow')
  refused(() => use([0], rich.validUntil + 1, rich), 'ClaimedTimeOutsideWindow')
  refused(() => use([0], MOMENT + 0.5, rich), 'ClaimedTimeOutsideWindow')
  const terms = { session: rich, permissions: [1], claimedTime: MOMENT }
  refused(() => draftUse(terms, { permissions: [0] }), 'HiddenPermission')
  const long: Hex = `0x${'00'.repeat(4097)}`
  refused(() => draftEnable({ session: game, permissions: [0] }, long), 'OwnerSignatureTooLong')
})
