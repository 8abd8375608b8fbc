import assert from 'node:assert/strict'
import test from 'node:test'
import { UNCOUNTED_CALLS, UNCOUNTED_FEES, remaining, sessionStatus } from 'smart-session'
import { parseEther } from 'viem'
import { type Answers, imagine } from '../chain.js'
import { ALICE, MODULE, MOMENT, game, repeat } from '../sessions.js'

const clientOf = async (answers: Answers) =>
  (await imagine(ALICE, { status: 1, blockTime: () => MOMENT, ...answers })).client
const now = () => MOMENT

test('a session is told by one word', async () => {
  const told = async (expected: string, answers: Answers, change = {}) => {
    const session = { ...game, ...change }
    assert.equal(await sessionStatus(await clientOf(answers), MODULE, session, now), expected)
  }

  await told('live', {})
  await told('not enabled', { status: 0 })
  await told('revoked', { status: 2 })
  await told('not yet', {}, { validAfter: MOMENT + 1 })
  await told('over', {}, { validUntil: MOMENT - 1 })
  await told('over', { blockTime: () => game.validUntil + 1 })
  await told('void', {}, { chains: [{ chainId: 42161n, epoch: 5n }] })
  await told('void', {}, { chains: [{ chainId: 1n, epoch: 0n }] })
  await told('revoked', { status: 2 }, { validUntil: MOMENT - 1 })
})

test('what remains is told, and what is not counted', async () => {
  const client = await clientOf({ calls: 97, fee: parseEther('0.004') })
  const paymaster = repeat('5a')
  const uncounted = { maxCalls: UNCOUNTED_CALLS, feeLimit: UNCOUNTED_FEES, paymaster }

  assert.deepEqual(await remaining(client, MODULE, game, now), {
    calls: 3,
    fee: parseEther('0.006'),
    budgets: [],
  })
  assert.deepEqual(await remaining(client, MODULE, { ...game, ...uncounted }, now), {
    calls: 'uncounted',
    fee: 'uncounted',
    budgets: [],
  })
  const over = await clientOf({ calls: 200, fee: parseEther('5') })
  assert.deepEqual(await remaining(over, MODULE, game, now), { calls: 0, fee: 0n, budgets: [] })
})
