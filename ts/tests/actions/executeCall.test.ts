import assert from 'node:assert/strict'
import test from 'node:test'
import { type DirectTerms, type Execution, executeCall } from 'smart-session'
import {
  decodeExecutions,
  discloseUsed,
  encodeExecutions,
  packSession,
  smartSessionAbi,
} from 'smart-session/format'
import { concat, decodeFunctionData, encodeFunctionData, parseAbi } from 'viem'
import { ALICE, GAME, MODULE, MOVE, game, repeat, rich } from '../sessions.js'

const move: Execution = { target: GAME, value: 5n, callData: MOVE }
const ACCOUNT = parseAbi(['function execute(bytes32 mode, bytes executionCalldata)'])

function argumentsOf(terms: DirectTerms) {
  const { to, data } = executeCall(MODULE, terms)
  assert.equal(to, MODULE)
  const { functionName, args } = decodeFunctionData({ abi: smartSessionAbi, data })
  assert.equal(functionName, 'execute')
  return args as readonly [string, string, string, string]
}

test('a delegate calls the module with session, indices and executions', () => {
  const terms = { session: game, chainId: 42161n, executions: [move, move] }
  const [account, session, mode, executionCalldata] = argumentsOf(terms)

  assert.equal(account.toLowerCase(), ALICE)
  const packed = packSession(game, discloseUsed(42161n, [0]))
  assert.equal(session, concat(['0x00', packed, '0x0000']))
  assert.deepEqual({ mode, executionCalldata }, encodeExecutions([move, move]))
})

test('with the owner signature the call enables, and the session is whole', () => {
  const session = { ...rich, delegateKind: 0 } as const
  const ownerSignature = '0x0e0e'
  const executions = [move]
  const [, packed] = argumentsOf({ session, chainId: 42161n, executions, ownerSignature })

  assert.equal(packed, concat(['0x01', packSession(session), '0x00', '0x00020e0e']))
})

test('executions_roundtrip through the account that runs them', () => {
  const plain: Execution = { target: repeat('77'), value: 0n, callData: '0x' }
  for (const executions of [[move], [plain], [move, plain, move]]) {
    const { mode, executionCalldata } = encodeExecutions(executions)
    const args = [mode, executionCalldata] as const
    const callData = encodeFunctionData({ abi: ACCOUNT, functionName: 'execute', args })

    const read = decodeExecutions(callData)

    const lower = read.map((item) => ({ ...item, target: item.target.toLowerCase() }))
    assert.deepEqual(lower, executions)
  }
})

test('what cannot pass is refused before it is called', () => {
  const terms = { session: game, chainId: 42161n, executions: [move] }
  const refused = (code: string, change: Partial<DirectTerms>) =>
    assert.throws(() => executeCall(MODULE, { ...terms, ...change }), { code })

  refused('WrongKey', { session: { ...game, delegateKind: 1 } })
  refused('ChainNotListed', { chainId: 1n })
  refused('NotPermitted', { executions: [{ ...move, target: repeat('77') }] })
  refused('NoExecution', { executions: [] })
  refused('TooManyExecutions', { executions: Array.from({ length: 33 }, () => move) })
})
