import assert from 'node:assert/strict'
import test from 'node:test'
import { packSession } from 'smart-session/format'
import { type Session, sessionId } from 'smart-session'
import * as owner from 'smart-session/owner'
import { read } from '../repository.js'
import { MODULE } from '../sessions.js'
import { type VectorSession, sessionOf } from './sessionOf.js'

/** What was made by neither implementation. */
type Vector = {
  name: string
  template: 'gameMoves'
  terms: Record<string, unknown>
  id: string
  packed: string
  words: [label: string, value: string][]
}

const file = JSON.parse(read('tests/vectors/templates.json')) as {
  frame: VectorSession
  vectors: Vector[]
}
const nothing = { maxCalls: 1, permissions: [], budgets: [], signing: [] }
const { maxCalls: _, permissions: __, budgets: ___, signing: ____, ...frame } = sessionOf({
  ...file.frame,
  ...nothing,
})
const AMOUNTS = ['stake', 'stakes', 'price', 'largest', 'leastOut', 'amount', 'each', 'daily']
  .concat(['salary', 'most', 'deadline'])

/** Amounts are decimal text in the file. */
const amounts = (key: string, value: unknown) =>
  AMOUNTS.includes(key) && typeof value === 'string' ? BigInt(value) : value

const revive = (terms: object) =>
  JSON.parse(JSON.stringify(terms), (key, value) => amounts(key, value)) as never

test('every template has a shared vector', () => {
  assert.equal(new Set(file.vectors.map(({ template }) => template)).size, 8)
})

for (const { name, template, terms, id, packed, words } of file.vectors) {
  test(`shared vector of templates: ${name}`, () => {
    const session: Session = owner[template](frame, revive(terms))

    assert.equal(packSession(session), packed)
    assert.equal(sessionId(session), id)
    const labels = words.map(([label]) => label)
    const told = owner.describeSession({ module: MODULE, session })
    const lines = told.filter(({ label }) => labels.includes(label) || label.startsWith('may'))
    assert.deepEqual(lines.map(({ label, value }) => [label, value]), words)
  })
}
