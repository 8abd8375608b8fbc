import assert from 'node:assert/strict'
import test from 'node:test'
import { type Grant, grantFromText, grantToText, sessionId } from 'smart-session'
import { packSession } from 'smart-session/format'
import { concat, getAddress, hexToBytes, numberToHex, size } from 'viem'
import { MODULE, game, repeat, rich } from '../sessions.js'

const signed: Grant = {
  module: MODULE,
  session: game,
  accountKind: 'kernel',
  ownerValidator: repeat('0a'),
  ownerSignature: '0x0e0e0e',
}

test('the text is its bytes in base64url', () => {
  const packed = packSession(game)
  const bytes = concat([
    MODULE,
    game.account,
    // Kernel is the fifth kind; bit 7 announces the validator.
    '0x85',
    repeat('0a'),
    numberToHex(size(packed), { size: 4 }),
    packed,
    '0x0e0e0e',
  ])

  const text = grantToText(signed)

  assert.equal(text, `session1.${Buffer.from(hexToBytes(bytes)).toString('base64url')}`)
})

test('grants_roundtrip', () => {
  const unsigned: Grant = { module: MODULE, session: rich }
  for (const grant of [signed, unsigned, { ...signed, accountKind: 'openzeppelin' } as Grant]) {
    const { session, ...rest } = grantFromText(`  ${grantToText(grant)}\n`)

    assert.equal(sessionId(session), sessionId(grant.session))
    const { session: _, ...expected } = grant
    assert.deepEqual(rest, expected)
  }
})

test('a wrapped text is read', () => {
  const text = grantToText(signed)
  const id = sessionId(game)

  for (const wrapped of [`${text.slice(0, 60)}\r\n  ${text.slice(60)}\n`, `\ufeff${text}`]) {
    assert.equal(sessionId(grantFromText(wrapped).session), id)
  }
})

test('a text that is cut off or changed is refused, and nothing else is thrown', () => {
  const text = grantToText(signed)
  const body = hexToBytes(`0x${Buffer.from(text.slice(9), 'base64url').toString('hex')}`)
  for (let length = 0; length < text.length - 4; length += 3) {
    // A signature that is cut is another signature: only the owner's check sees that.
    const cut = text.slice(0, length)
    if (Buffer.from(cut.slice(9), 'base64url').length > body.length - 3) continue
    assert.throws(() => grantFromText(cut), { name: 'SessionRefused' }, cut)
  }
  const refused = { name: 'SessionRefused', code: 'MalformedGrant' }
  for (const wrong of ['', 'session2.AAAA', 'session1.!!!!', 'session1.A', getAddress(MODULE)]) {
    assert.throws(() => grantFromText(wrong), refused, wrong)
  }
  const unknownKind = Uint8Array.from(body)
  unknownKind[40] = 6
  const changed = `session1.${Buffer.from(unknownKind).toString('base64url')}`
  assert.throws(() => grantFromText(changed), refused)
})

test('of all texts with the same bytes one is read', () => {
  const refused = { name: 'SessionRefused', code: 'MalformedGrant' }
  const signatures = ['0x0e0e0e', '0x0e0e0e0e', '0x0e0e0e0e0e'] as const
  const texts = signatures.map((ownerSignature) => grantToText({ ...signed, ownerSignature }))
  // Where the last character has bits to spare.
  const spare = texts.filter((text) => (text.length - 'session1.'.length) % 4 > 0)
  assert.equal(spare.length, 2)
  for (const text of spare) {
    const next = String.fromCharCode(text.charCodeAt(text.length - 1) + 1)
    const bytes = (one: string) => Buffer.from(one.slice(9), 'base64url').toString('hex')
    assert.equal(bytes(text.slice(0, -1) + next), bytes(text))

    assert.throws(() => grantFromText(text.slice(0, -1) + next), refused)
    assert.throws(() => grantFromText(`${text}=`), refused)
  }
})
