import assert from 'node:assert/strict'
import test from 'node:test'
import { readClock } from 'smart-session'
import { readWindow } from 'smart-session/owner'
import { imagine } from '../chain.js'
import { ALICE, MOMENT } from '../sessions.js'

const clientAt = async (time: number, chainId?: number) => {
  const answers = { blockTime: () => time, ...(chainId === undefined ? {} : { chainId }) }
  return (await imagine(ALICE, answers)).client
}
const now = () => MOMENT

test('two clocks are read, and which one is behind', async () => {
  const clock = await readClock(await clientAt(MOMENT - 7), now)

  assert.deepEqual(clock, {
    system: MOMENT,
    block: MOMENT - 7,
    number: 16n,
    earlier: MOMENT - 7,
    later: MOMENT,
  })
})

test('what begins now begins a minute before the earlier clock, and ends so much earlier', async () => {
  for (const block of [MOMENT - 7, MOMENT + 7]) {
    const { validAfter, validUntil } = await readWindow(await clientAt(block), {
      seconds: 600,
      now,
    })

    assert.equal(validAfter, Math.min(block, MOMENT) - 60)
    assert.equal(validUntil - validAfter, 600)
  }
})

test('clocks that are minutes apart are told, but for a development chain', async () => {
  const block = MOMENT - 301
  const seconds = 600

  await assert.rejects(readWindow(await clientAt(block), { seconds, now }), {
    code: 'ClocksDiffer',
    reason: new RegExp(`${block}.*${MOMENT}`),
  })
  await readWindow(await clientAt(MOMENT - 300), { seconds, now })
  const from = MOMENT - 9
  const chosen = await readWindow(await clientAt(block), { seconds, now, from })
  assert.deepEqual(chosen, { validAfter: from, validUntil: from + 600 })
  for (const client of [await clientAt(block, 412346), await clientAt(block, 31337)]) {
    assert.equal((await readWindow(client, { seconds, now })).validAfter, block - 60)
  }
  const development = { seconds, now, isDevelopment: true }
  assert.equal((await readWindow(await clientAt(block), development)).validAfter, block - 60)
})

test('milliseconds are refused in words that say seconds', async () => {
  const client = await clientAt(MOMENT)
  const refused = (terms: object) =>
    assert.rejects(readWindow(client, { seconds: 600, now, ...terms }), {
      code: 'RefusedTime',
      remedy: /seconds/,
    })

  await refused({ from: MOMENT * 1000 })
  await refused({ now: () => Date.now() })
  await refused({ seconds: 10 ** 12 })
  await assert.rejects(readWindow(client, { seconds: 0, now }), { code: 'RefusedWindow' })
})
