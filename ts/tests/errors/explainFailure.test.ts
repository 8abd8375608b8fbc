import assert from 'node:assert/strict'
import test from 'node:test'
import { explainFailure } from 'smart-session/errors'
import { smartSessionAbi } from 'smart-session/format'
import { BaseError, RpcRequestError, encodeErrorResult, parseAbi, parseEther } from 'viem'

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
const rpc = (error: { message: string; data?: unknown }) =>
  new BaseError('refused', {
    cause: new RpcRequestError({ body: {}, url: '', error: { code: -32500, ...error } as never }),
  })

test('a reason is found wherever a bundler puts it', () => {
  assert.equal(explainFailure(rpc({ message: `reverted with reason: ${overLimit}` })), SENTENCE)
  assert.equal(explainFailure(rpc({ message: 'AA23 reverted', data: wrapped })), SENTENCE)
  assert.equal(
    explainFailure(rpc({ message: '', data: { revertData: 1, data: wrapped } })),
    SENTENCE,
  )
  assert.equal(
    explainFailure(rpc({ message: "AA21 didn't pay prefund" })),
    'the account has too little ether to pay for gas (AA21)',
  )
  assert.equal(explainFailure(rpc({ message: 'AA23 reverted', data: overLimit })), SENTENCE)
  assert.equal(explainFailure(rpc({ message: 'nothing to see' })), undefined)
  assert.equal(explainFailure(undefined), undefined)
})

test('a reason is found under any key, however deep, in arrays and upper case', () => {
  const upper = `0X${overLimit.slice(2).toUpperCase()}`
  for (const data of [
    { revertData: overLimit },
    { reason: wrapped },
    { inner: { result: [{ output: `execution reverted: ${overLimit}` }] } },
    [[overLimit]],
    { revertData: upper },
    JSON.stringify({ error: { data: wrapped } }),
  ]) {
    assert.equal(explainFailure(rpc({ message: '', data })), SENTENCE, JSON.stringify(data))
    assert.equal(explainFailure({ code: -32500, data }), SENTENCE)
  }
})

test('what was asked is no answer', () => {
  const calldata = encodeErrorResult({ abi: smartSessionAbi, errorName: 'NotPayable' })
  const error = new BaseError('refused', { metaMessages: [`callData: ${calldata}`] })

  assert.equal(explainFailure(error), undefined)
  assert.equal(explainFailure(Object.assign(new Error('no'), { args: [calldata] })), undefined)
})

test('the search ends in errors without end', () => {
  const round: Record<string, unknown> = {}
  round['cause'] = { back: round, data: overLimit }
  let deep: unknown = overLimit
  for (let i = 0; i < 100_000; i += 1) deep = [deep]

  assert.equal(explainFailure(round), SENTENCE)
  assert.equal(explainFailure({ data: deep }), undefined)
})
