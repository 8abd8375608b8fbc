import assert from 'node:assert/strict'
import test from 'node:test'
import { type Session, sessionId } from 'smart-session'
import {
  type Message,
  coverMessage,
  draftSignature,
  packSession,
  sealSignature,
  signatureDigest,
} from 'smart-session/format'
import { type Hex, concat, hashTypedData, keccak256, numberToHex } from 'viem'
import { MODULE, game } from '../sessions.js'

const APP: Hex = `0x${'d0'.repeat(32)}`
const ORDER: Hex = `0x${'7e'.repeat(32)}`
const word = (value: bigint) => numberToHex(value, { size: 32 })
const session: Session = {
  ...game,
  signing: [
    { domainSeparator: APP, typeHash: `0x${'70'.repeat(32)}`, rules: [] },
    { domainSeparator: APP, typeHash: ORDER, rules: [{ index: 1, min: 5n, max: 9n }] },
  ],
}
const order = (...words: bigint[]): Message => ({
  domainSeparator: APP,
  typeHash: ORDER,
  words: words.map(word),
})

test('a scope covers its app, its type and its bounds, and nothing else', () => {
  const refused = (message: Message, reason: RegExp) =>
    assert.throws(() => coverMessage(session, message), { code: 'NotSignable', reason })

  assert.equal(coverMessage(session, order(0n, 5n)), 1)
  assert.equal(coverMessage(session, order(0n, 9n, 1n)), 1)
  refused(order(0n, 4n), /scope 1 does not allow 4 as word 1/)
  refused(order(0n, 10n), /does not allow 10/)
  refused(order(7n), /bounds word 1, which the message does not have/)
  refused({ ...order(0n, 5n), domainSeparator: word(1n) }, /is for another app/)
  refused({ ...order(0n, 5n), typeHash: word(1n) }, /is for another type of message/)
  assert.throws(() => coverMessage(game, order(0n, 5n)), { reason: /the session has none/ })
})

test('a signature is mode, session, scope, words, delegate signature', () => {
  const draft = draftSignature(session, order(0n, 5n), {})

  const shown = concat(['0x02', packSession(session), '0x01', '0x02', word(0n), word(5n)])
  assert.equal(draft.disclosed, shown)
  assert.equal(sealSignature(draft, '0x51'), concat([shown, '0x51']))
})

test('only the scope is shown unless more is asked for', () => {
  const draft = draftSignature(session, order(0n, 5n))

  const packed = packSession(session, { permissions: [], signing: [1] })
  assert.ok(draft.disclosed.startsWith(concat(['0x02', packed])))
  assert.throws(() => draftSignature(session, order(0n, 5n), { signing: [0] }), {
    code: 'HiddenPart',
  })
})

test('the delegate signs the hash, the session and what is shown', () => {
  const draft = draftSignature(session, order(0n, 5n))
  const hash = word(3n)
  const bytes32 = (name: string) => ({ name, type: 'bytes32' })

  const expected = hashTypedData({
    domain: { name: 'Smart Session', version: '1', verifyingContract: MODULE },
    types: { SessionSignature: ['hash', 'sessionId', 'disclosure'].map(bytes32) },
    primaryType: 'SessionSignature',
    message: { hash, sessionId: sessionId(session), disclosure: keccak256(draft.disclosed) },
  })
  assert.equal(signatureDigest(MODULE, draft, hash), expected)
})

test('a message of too many fields is refused', () => {
  const long = { ...order(0n, 5n), words: Array.from({ length: 256 }, () => word(5n)) }

  assert.throws(() => draftSignature(session, long), { code: 'MalformedMessage' })
})
