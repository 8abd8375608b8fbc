import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import test from 'node:test'
import { errorName, explain, smartSessionAbi } from 'smart-session'
import { encodeErrorResult, pad, parseAbi, parseEther } from 'viem'
import { read, repository } from '../repository.js'
import { ALICE } from '../sessions.js'

const overLimit = encodeErrorResult({
  abi: smartSessionAbi,
  errorName: 'ValueOverLimit',
  args: [2n, parseEther('0.02'), parseEther('0.01')],
})
const SENTENCE = 'execution 2 sends 0.02 ETH, at most 0.01 are allowed'
const wrapped = encodeErrorResult({
  abi: parseAbi(['error FailedOpWithRevert(uint256 opIndex, string reason, bytes inner)']),
  args: [0n, 'AA23 reverted', overLimit],
})

test('a value over the limit is told in ether', () => {
  assert.equal(explain(overLimit), SENTENCE)
  assert.equal(errorName(overLimit), 'ValueOverLimit')
})

test('every error of the module has a sentence without holes', () => {
  const sample = { address: ALICE, bytes4: '0x1a2b3c4d', bytes32: pad('0x12', { dir: 'right' }) }
  const errors = smartSessionAbi.filter((item) => item.type === 'error')
  const sentences = errors.map(({ name, inputs }) => {
    const args = inputs.map(({ type }) => sample[type as keyof typeof sample] ?? 1n)
    const data = encodeErrorResult({ abi: smartSessionAbi, errorName: name, args } as never)
    const sentence = explain(data)
    assert.ok(sentence !== undefined && !/[{}]|undefined/.test(sentence), `${name}: ${sentence}`)
    assert.equal(errorName(data), name)
    return sentence
  })

  assert.equal(new Set(sentences).size, errors.length)
})

test('an EntryPoint wraps the reason, and it is unwrapped', () => {
  assert.equal(explain(wrapped), SENTENCE)
})

test('foreign data is nothing', () => {
  assert.equal(explain('0x'), undefined)
  assert.equal(explain('0x010203'), undefined)
  assert.equal(explain(pad('0x', { size: 36 })), undefined)
  assert.equal(explain(overLimit.slice(0, -2) as never), undefined)
  const reason = encodeErrorResult({ abi: parseAbi(['error Error(string)']), args: ['no'] })
  assert.equal(explain(reason), undefined)
})

test('the Rust client says the same words', () => {
  const folder = 'crates/client/src/'
  const files = readdirSync(repository(folder), { recursive: true, encoding: 'utf8' })
  const rust = files.filter((name) => name.endsWith('.rs')).map((name) => read(folder + name))
  const ours = read('ts/src/errors/sentences.ts')
  const table = ours.slice(ours.indexOf('SENTENCES'))
  const sentences = [...table.matchAll(/(\w+):\s+(['"])(.*)\2,\n/g)]

  assert.equal(sentences.length, smartSessionAbi.filter((item) => item.type === 'error').length)
  for (const [, name, , sentence] of sentences) {
    const words = `"${sentence!.replace(/\{[^}]+\}/g, '{}')}"`
    assert.ok(rust.join().includes(words), `${name}: ${words}`)
  }
})
