import assert from 'node:assert/strict'
import test from 'node:test'
import type { Execution } from 'smart-session'
import { coverExecutions, decodeExecutions } from 'smart-session/format'
import {
  type Hex,
  concat,
  encodeAbiParameters,
  encodeFunctionData,
  encodePacked,
  getAddress,
  numberToHex,
  pad,
  parseAbi,
  parseAbiParameters,
} from 'viem'
import { GAME, MOVE, game, repeat, rich } from '../sessions.js'

const execute = (mode: Hex, executionCalldata: Hex) =>
  encodeFunctionData({
    abi: parseAbi(['function execute(bytes32 mode, bytes executionCalldata)']),
    args: [pad(mode, { dir: 'right' }), executionCalldata],
  })
const single = ({ target, value, callData }: Execution) =>
  execute('0x', encodePacked(['address', 'uint256', 'bytes'], [target, value, callData]))
const BATCH = parseAbiParameters('(address target, uint256 value, bytes callData)[]')
const batch = (executions: Execution[]) => execute('0x01', encodeAbiParameters(BATCH, [executions]))

const move: Execution = { target: getAddress(GAME), value: 5n, callData: concat([MOVE, '0x01']) }
const transfer: Execution = { target: getAddress(repeat('71')), value: 1n, callData: '0x' }

test('what the account runs is read back', () => {
  assert.deepEqual(decodeExecutions(single(move)), [move])
  assert.deepEqual(decodeExecutions(single(transfer)), [transfer])
  assert.deepEqual(decodeExecutions(batch([move, transfer])), [move, transfer])
  assert.deepEqual(decodeExecutions(concat(['0x8dd7712f', single(move)])), [move])
})

test('everything else is refused', () => {
  const refused = (callData: Hex, code: string) =>
    assert.throws(() => decodeExecutions(callData), { name: 'SessionRefused', code })
  const packed = concat([GAME, pad('0x00'), MOVE])

  refused('0x', 'UnsupportedCall')
  refused('0xb61d27f6', 'UnsupportedCall')
  refused('0x8dd7712f8dd7712f', 'UnsupportedCall')
  for (const mode of ['0xff', '0xfe', '0x0001', '0x0101', '0x000000000001'] as const) {
    refused(execute(mode, packed), 'UnsupportedExecutionMode')
  }
  refused(execute('0x', '0x1234'), 'MalformedExecution')
  refused(execute('0x01', '0x1234'), 'MalformedExecution')
  refused(batch([]), 'MalformedExecution')
  refused(concat([single(move), '0x00']), 'MalformedExecution')
  refused(single(move).slice(0, -2) as Hex, 'MalformedExecution')
  refused(batch(Array.from({ length: 33 }, () => move)), 'TooManyExecutions')
})

test('each execution gets the first permission that covers it', () => {
  const pay = { target: repeat('70'), value: 0n, callData: call('0xa9059cbb', 1n) }

  assert.deepEqual(coverExecutions(rich, [transfer, move, move]), [2, 0, 0])
  assert.throws(
    () => coverExecutions(rich, [pay]),
    /bounds argument word 255, which is past the end/,
  )
})

test('an execution that none covers is refused, and why', () => {
  const refused = (change: Partial<Execution>, why: RegExp) =>
    assert.throws(() => coverExecutions(game, [move, { ...move, ...change }]), {
      code: 'NotPermitted',
      message: why,
    })

  refused({ target: repeat('77') }, /execution 1: none is for 0x7777/)
  refused({ value: 10n ** 17n }, /permission 0 allows 0.01 ETH, not 0.1/)
  refused({ callData: '0x1a2b3c' }, /is for function 0x1a2b3c4d, not 0x1a2b3c/)
  refused({ callData: '0x' }, /is for function/)
})

test('the special selectors cover what they say', () => {
  const covers = (selector: Hex, callData: Hex) => {
    const permissions = [{ ...game.permissions[0]!, selector }]
    try {
      return coverExecutions({ ...game, permissions }, [{ ...move, callData }]).length === 1
    } catch {
      return false
    }
  }

  for (const callData of ['0x', '0x01', '0x00000000', '0xffffffff00'] as const) {
    assert.ok(covers('0xffffffff', callData), callData)
    assert.equal(covers('0x00000000', callData), callData === '0x', callData)
    assert.ok(!covers(MOVE, callData), callData)
  }
})

test('rules bound the words of the calldata, unsigned', () => {
  const rules = [{ index: 1, min: 5n, max: 2n ** 255n }]
  const session = { ...game, permissions: [{ ...game.permissions[0]!, rules }] }
  const allows = (...words: bigint[]) => {
    try {
      return coverExecutions(session, [{ ...move, callData: call(MOVE, ...words) }])[0] === 0
    } catch {
      return false
    }
  }

  assert.ok(allows(0n, 5n))
  assert.ok(allows(0n, 2n ** 255n))
  assert.ok(!allows(9n, 4n))
  assert.ok(!allows(9n, 2n ** 255n + 1n))
  assert.ok(!allows(9n))
})

function call(selector: Hex, ...words: bigint[]): Hex {
  return concat([selector, ...words.map((word) => numberToHex(word, { size: 32 }))])
}
