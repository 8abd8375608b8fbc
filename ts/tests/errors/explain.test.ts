import assert from 'node:assert/strict'
import { existsSync, readdirSync } from 'node:fs'
import test from 'node:test'
import { errorName, explain } from 'smart-session/errors'
import { smartSessionAbi } from 'smart-session/format'
import { type Hex, encodeErrorResult, pad, parseAbi, parseEther } from 'viem'
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

test('what an EntryPoint refuses itself is told by its code', () => {
  const abi = parseAbi(['error FailedOp(uint256 opIndex, string reason)'])
  const data = encodeErrorResult({ abi, args: [0n, 'AA25 invalid account nonce'] })

  assert.equal(explain(data), 'the nonce is used already, or not the next one of its lane (AA25)')
  assert.equal(errorName(data), undefined)
  const unknown = encodeErrorResult({ abi, args: [0n, 'AA77 of another EntryPoint'] })
  assert.equal(explain(unknown), undefined)
})

/** The codes that EntryPoints give, as their bytecode has them. */
function codesOf(name: string): string[] {
  const { bytecode } = JSON.parse(read(`tests/fixtures/build/${name}.json`)) as { bytecode: Hex }
  const text = Buffer.from(bytecode.slice(2), 'hex').toString('latin1')
  return [...new Set(text.match(/AA\d\d(?= )/g) ?? [])].sort()
}

const fixture = 'tests/fixtures/build/EntryPointV07.json'
const skip = existsSync(repository(fixture))
  ? false
  : `${fixture} is missing: scripts/setup --tests`

test('every code that is in an EntryPoint has a sentence', { skip }, () => {
  const abi = parseAbi(['error FailedOp(uint256 opIndex, string reason)'])
  for (const name of ['EntryPointV07', 'EntryPointV08']) {
    const codes = codesOf(name)
    assert.ok(codes.length > 15, `${name}: ${codes.join()}`)
    for (const code of codes) {
      const data = encodeErrorResult({ abi, args: [0n, `${code} why`] })
      assert.ok(explain(data)?.endsWith(`(${code})`), `${name}: ${code}`)
    }
  }
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
