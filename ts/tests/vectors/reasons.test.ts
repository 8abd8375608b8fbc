import assert from 'node:assert/strict'
import test from 'node:test'
import { explain } from 'smart-session/errors'
import { encodeErrorResult, parseAbi } from 'viem'
import { read } from '../repository.js'

type Reason = { text: string; sentence: string | null }

const { reasons } = JSON.parse(read('tests/vectors/reasons.json')) as { reasons: Reason[] }
const abi = parseAbi(['error FailedOp(uint256 opIndex, string reason)'])

test("EntryPoints' codes are told in the words of the shared vectors", () => {
  assert.ok(reasons.length > 30)
  for (const { text, sentence } of reasons) {
    const data = encodeErrorResult({ abi, args: [0n, text] })
    assert.equal(explain(data) ?? null, sentence, text)
  }
})
