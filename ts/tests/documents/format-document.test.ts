import assert from 'node:assert/strict'
import test from 'node:test'
import { SESSION_TYPES } from 'smart-session/owner'
import { concat, size } from 'viem'
import { read } from '../repository.js'
import { encodeType } from './encode-type.js'

const document = read('docs/session-format.md')
const { module, vectors } = JSON.parse(read('tests/vectors/sessions.json'))
const example = vectors.find(({ name }: { name: string }) => name === 'a game session, one move')

const [, move, order] = document.split(/^#+ (?:A worked example|The same move as an order)$/m)

/** The bytes of a table, row by row. */
function tabled(text: string) {
  const rows = [...text.matchAll(/^\| (\d+) \| `([0-9a-f ]+)` \| (.+) \|$/gm)]
  let bytes = concat(['0x'])
  for (const [, at, hex] of rows) {
    assert.equal(Number(at), size(bytes), `the row at ${at} begins there`)
    bytes = concat([bytes, `0x${hex!.replaceAll(' ', '')}`])
  }
  return bytes
}

test('the worked example is the shared vector, byte for byte', () => {
  const bytes = tabled(move!)

  assert.equal(bytes, example.operation.signature)
  assert.ok(document.includes(`for one move, ${size(bytes)} bytes`))
})

test('the worked example of an order is the shared vector, byte for byte', () => {
  const bytes = tabled(order!)

  assert.equal(bytes, example.operation.order.order)
  assert.ok(document.includes(`five minutes: ${size(bytes)} bytes`))
  const { mode, executionCalldata, digest } = example.operation.order
  for (const value of [mode, executionCalldata, digest]) assert.ok(order!.includes(`\`${value}\``))
  assert.ok(example.operation.signature.startsWith(example.operation.direct))
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
