import assert from 'node:assert/strict'
import test from 'node:test'
import { type Facts, WARNING_CODES, checkSession, sessionWarnings } from 'smart-session/owner'
import type { Address, Hash } from 'viem'
import { read } from '../repository.js'
import { type Decimal, type VectorSession, sessionOf } from './sessionOf.js'

type Known = {
  now?: number
  epochs?: Record<Decimal, Decimal>
  accountDomains?: Hash[]
  ownContracts?: Address[]
}
type Case = { name: string; session: VectorSession; facts: Known }

const { module, codes, vectors, refusals } = JSON.parse(read('tests/vectors/warnings.json')) as {
  module: Address
  codes: { code: string }[]
  vectors: (Case & { warnings: { code: string; at: string | null }[] })[]
  refusals: (Case & { code: string })[]
}

function factsOf({ epochs, ...facts }: Known): Facts {
  if (epochs === undefined) return facts
  const known = Object.entries(epochs).map(([chainId, epoch]) => ({
    chainId: BigInt(chainId),
    epoch: BigInt(epoch),
  }))
  return { ...facts, epochs: known }
}

test('the codes are those that the Rust client has, in the same order', () => {
  assert.deepEqual(
    WARNING_CODES,
    codes.map(({ code }) => code),
  )
  const met = new Set(vectors.flatMap(({ warnings }) => warnings.map(({ code }) => code)))
  assert.deepEqual(
    WARNING_CODES.filter((code) => !met.has(code)),
    [],
    'each code has a vector',
  )
})

for (const { name, session, facts, warnings } of vectors) {
  test(`shared vector of warnings: ${name}`, () => {
    const found = sessionWarnings(sessionOf(session), factsOf(facts))

    assert.deepEqual(
      found.map(({ code, at }) => ({ code, at })),
      warnings,
    )
    for (const { sentence } of found) assert.match(sentence, /^[a-z][^{}]+[^.]$/)
  })
}

for (const { name, session, facts, code } of refusals) {
  test(`shared vector of refusals: ${name}`, () => {
    const granted = sessionOf(session)

    assert.throws(() => checkSession(granted, module, factsOf(facts)), { code })
  })
}
