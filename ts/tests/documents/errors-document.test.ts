import assert from 'node:assert/strict'
import test from 'node:test'
import { toFunctionSelector } from 'viem'
import { read } from '../repository.js'

const rows = [
  ...read('docs/errors.md').matchAll(/^\| `((\w+)\(.*\))` \| `(0x\w{8})` \| (.+) \| (.+) \|$/gm),
]

test('the document lists the errors that the contract declares, and no others', () => {
  const declared = [...read('crates/core/src/abi.rs').matchAll(/^ +error (\w+\(.*\));/gm)]

  assert.deepEqual(rows.map(([, error]) => error).sort(), declared.map(([, error]) => error).sort())
})

test('each error has its selector, a cause and a remedy', () => {
  for (const [, error, name, selector, cause, remedy] of rows) {
    assert.equal(toFunctionSelector(`error ${error}`.slice(6)), selector, name)
    for (const text of [cause!, remedy!]) assert.match(text, /^[A-Z`].*\.$/, `${name}: ${text}`)
  }
})

test('arguments that a cause mentions are arguments of the error', () => {
  for (const [, error, name, , cause] of rows) {
    for (const [, word] of cause!.matchAll(/`(got|allowed|offset|index)`/g)) {
      assert.ok(error!.includes(` ${word}`), `${name} has no ${word}`)
    }
  }
})
