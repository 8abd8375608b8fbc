import assert from 'node:assert/strict'
import test from 'node:test'
import { errorName, explain } from 'smart-session/errors'
import { smartSessionAbi } from 'smart-session/format'
import type { Hex } from 'viem'
import { read } from '../repository.js'

const { errors } = JSON.parse(read('tests/vectors/errors.json')) as {
  errors: { error: string; data: Hex; sentence: string }[]
}

test('shared vectors: every error of the module in words', () => {
  for (const { error, data, sentence } of errors) {
    assert.equal(errorName(data), error)
    assert.equal(explain(data), sentence)
  }
  const declared = smartSessionAbi.filter(({ type }) => type === 'error')
  assert.deepEqual(
    errors.map(({ error }) => error),
    declared.map((item) => ('name' in item ? item.name : '')),
  )
})
