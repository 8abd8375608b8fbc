// How long it takes from a click to a block, and what the time goes to.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Page } from 'playwright-core'
import { type Demo, type Outcome, beginToPlay, missing, setStage, tryAt } from './stage.js'
import { partsOf, timelineOf, traced } from './timeline.js'

/** Moves that are timed, and moves whose requests are noted besides. */
const MOVES = 11
const TRACED = 3
/** Milliseconds that the median may take on an idle machine. */
const MOST = 100
/** Milliseconds that the median may take on any machine: whoever waits longer notices it. */
const MOST_ANYWHERE = 1_000
/** Milliseconds that one question to the chain takes a page on an idle machine, at the most. Where it takes
 * longer the machine is busy with other things, and so much more time is given, up to MOST_ANYWHERE. */
const IDLE = 2

const median = (all: readonly number[]): number =>
  [...all].sort((a, b) => a - b)[all.length >> 1] ?? Number.NaN

/** What one question takes now: how busy the machine is with other things. */
function roundTrip(page: Page, { world }: Demo): Promise<number> {
  return page.evaluate(async (url) => {
    const body = '{"jsonrpc":"2.0","id":1,"method":"eth_chainId","params":[]}'
    const headers = { 'content-type': 'application/json' }
    const times: number[] = []
    for (let i = 0; i < 21; i += 1) {
      const start = performance.now()
      await (await fetch(url, { method: 'POST', headers, body })).json()
      times.push(performance.now() - start)
    }
    return times.sort((a, b) => a - b)[10] ?? 0
  }, world.rpc)
}

/** Moves, and waits until the board shows it: nobody clicks before. */
async function move(page: Page, before: number): Promise<Outcome> {
  const outcome = await tryAt(page, '#move-1')
  assert.match(outcome.text, /^Mined/)
  await page.waitForSelector(`#standing >> text= ${before + 1} moves made`)
  return outcome
}

for (const way of ['order', 'operation'] as const) {
  test(`from click to block by ${way}`, { skip: missing }, async (t) => {
    const { demo, page } = await setStage(t)
    await beginToPlay(page, demo, '#make-passkey')
    await page.click(`#way-${way}`)
    let moves = 0
    await move(page, moves++)

    const trips = [await roundTrip(page, demo)]
    const times: number[] = []
    for (let i = 0; i < MOVES; i += 1) {
      times.push((await move(page, moves++)).ms)
      if (i % 5 === 4) trips.push(await roundTrip(page, demo))
    }
    const trip = median(trips)
    const noted = []
    for (let i = 0; i < TRACED; i += 1) noted.push(await traced(page, () => move(page, moves++)))

    const allowed = Math.min(MOST * Math.max(1, trip / IDLE), MOST_ANYWHERE)
    const machine = trip <= IDLE ? 'an idle machine' : 'a BUSY machine'
    const range = `${Math.min(...times)} to ${Math.max(...times)}`
    const found = `click to block by ${way}: ${median(times)} ms median of ${MOVES} (${range})`
    const [last, asked] = noted.sort((a, b) => a[0].ms - b[0].ms)[TRACED >> 1]!
    const lines = [
      `${found}, at most ${allowed.toFixed(0)} on ${machine} (one question ${trip.toFixed(1)} ms)`,
      `of ${last.ms} ms: ${partsOf(asked, last.ms)}`,
      ...timelineOf(asked, last.ms),
    ]
    for (const line of lines) t.diagnostic(line)
    assert.ok(median(times) <= allowed, lines[0])
  })
}
