import assert from 'node:assert/strict'
import test from 'node:test'
import { SESSION_TYPES } from 'smart-session/owner'
import { concat, size } from 'viem'
import { read } from '../repository.js'
import { encodeType } from './encode-type.js'

const document = read('docs/session-format.md')
const { module, vectors } = JSON.parse(read('tests/vectors/sessions.json'))
const example = vectors.find(({ name }: { name: string }) => name === 'a game session, one move')

test('the worked example is the shared vector, byte for byte', () => {
  const rows = [...document.matchAll(/^\| (\d+) \| `([0-9a-f ]+)` \| (.+) \|$/gm)]
  let bytes = concat(['0x'])
  for (const [, at, hex] of rows) {
    assert.equal(Number(at), size(bytes), `the row at ${at} begins there`)
    bytes = concat([bytes, `0x${hex!.replaceAll(' ', '')}`])
  }

  assert.equal(bytes, example.operation.signature)
  assert.ok(document.includes(`for one move, ${size(bytes)} bytes`))
})

test('the worked example names what is signed', () => {
  const named = (what: string) => {
    const [, value] =
      new RegExp(`^\\| ${what} \\| \`(0x[0-9a-f]+)\` \\|$`, 'm').exec(document) ?? []
    return value
  }

  assert.equal(named('account'), example.session.account)
  assert.equal(named('module'), module)
  assert.equal(named('session id'), example.id)
  assert.equal(named('what the owner signs'), example.digest)
  assert.equal(named('`userOpHash`'), example.operation.userOpHash)
  assert.equal(named('what the delegate signs'), example.operation.digest)
})

test('the type is the one that is signed', () => {
  const [, shown] = /```text\n(Session\(.*?)```/s.exec(document) ?? []

  assert.equal(shown?.replaceAll('\n', ''), encodeType('Session', SESSION_TYPES))
})
