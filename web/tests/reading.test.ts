// The page for everyone: with a keyboard, a screen reader, a phone, in the dark.

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import type { Page } from 'playwright-core'
import { permissionRequest } from './permissionRequest.js'
import {
  AXE,
  type Demo,
  askForSession,
  missing,
  setStage,
  signAtDesk,
  takeToGame,
  tryAt,
} from './stage.js'

type Fault = { id: string; impact: string; nodes: { target: string[]; failureSummary: string }[] }

/** The faults that axe finds serious or critical. */
async function faultsOf(page: Page): Promise<string[]> {
  const found = await page.evaluate(
    async (script) => {
      // The page's own policy lets no script in; the test's world is another one.
      if (!('axe' in globalThis)) new Function(script)()
      const { axe } = globalThis as unknown as {
        axe: { run: () => Promise<{ violations: Fault[] }> }
      }
      return (await axe.run()).violations
    },
    readFileSync(AXE, 'utf8'),
  )
  return found
    .filter(({ impact }) => ['serious', 'critical'].includes(impact))
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`)
}

/** Goes through the story, and looks at each state. */
async function throughTheStory(page: Page, demo: Demo, look: (state: string) => Promise<void>) {
  await page.goto(`${demo.origin}/#/game`)
  await page.waitForSelector('#make-key')
  await look('a game without a key')
  await askForSession(page, demo)
  await look('a request at the desk')
  await page.click('#wallet-0')
  await page.click('#review-sign')
  await page.waitForSelector('#wallet-sign')
  await look('what the wallet shows')
  await page.click('#wallet-decline')
  await page.waitForSelector('.notice.bad')
  await look('a desk after a refusal')
  await signAtDesk(page)
  await look('a signed session')
  await takeToGame(page)
  await tryAt(page, '#move-1')
  await page.selectOption('#stake', '0.02')
  await tryAt(page, '#move-1')
  await page.click('#try-more summary')
  await page.click('#paste summary')
  await look('a board with a move and a refusal')
  await page.click('#way-wallet')
  await page.selectOption('#stake', '0')
  await page.click('#move-2')
  await page.waitForSelector('#wallet-sign')
  await look('a transaction in the wallet')
  await page.click('#wallet-decline')
  await page.waitForSelector('#log [data-try="3"]')
  await page.click('#to-desk')
  await page.waitForSelector('[data-status="live"]')
  await page.click('#new-session summary')
  for (const details of await page.locator('[data-session] details summary').all()) {
    await details.click()
  }
  await look('a desk with sessions, opened')
  for (const name of ['revoke-all', 'leave']) {
    await page.click(`#${name}`)
    await page.waitForSelector(`#${name}-sure`)
    await look(`what is asked before: ${name}`)
  }
  await page.fill('#bring-text', '{"permission":{"type":"unheard-of"}}')
  await page.click('#bring-look')
  await page.waitForSelector('.review .notice.bad')
  await look('a request that no session can say')
  await page.fill('#bring-text', JSON.stringify(permissionRequest(demo)))
  await page.click('#bring-look')
  await page.waitForSelector('.comparisons')
  await look('a request of ERC-7715, compared')
  await page.click('#settings')
  await page.fill('#setting-node', 'ftp://elsewhere')
  await page.click('#settings-keep')
  await look('the settings, with what cannot be read')
  await page.click('#settings-close')
  await page.route(`${demo.world.rpc}/**`, (route) => route.abort('connectionrefused'))
  await page.reload()
  await page.waitForSelector('#reconnect')
  await look('a node that is gone')
}

for (const colorScheme of ['light', 'dark'] as const) {
  test(`axe finds no serious fault, ${colorScheme}`, { skip: missing }, async (t) => {
    const { demo, page } = await setStage(t, { colorScheme, bypassCSP: true })
    await throughTheStory(page, demo, async (state) => {
      assert.deepEqual(await faultsOf(page), [], state)
    })
  })
}

test('nothing is wider than a phone', { skip: missing }, async (t) => {
  const { demo, page } = await setStage(t, {
    viewport: { width: 360, height: 740 },
    isMobile: true,
    hasTouch: true,
    colorScheme: 'dark',
  })
  await throughTheStory(page, demo, async (state) => {
    const width = await page.evaluate(() => document.documentElement.scrollWidth)
    assert.ok(width <= 360, `${state} is ${width} pixels wide`)
    const small = await page.$$eval('button:not(.skip), a.button, summary.button', (all) =>
      all
        .filter((one) => one.getClientRects().length > 0 && one.getBoundingClientRect().height < 40)
        .map((one) => one.id),
    )
    assert.deepEqual(small, [], `${state}: what is too small for a finger`)
  })
})

test('it is dark where the user wants it dark', { skip: missing }, async (t) => {
  const { demo, page } = await setStage(t, { colorScheme: 'dark' })
  await page.goto(demo.link)
  const light = await page.evaluate(() => {
    const [red = 255] = getComputedStyle(document.documentElement)
      .backgroundColor.match(/\d+/g)!
      .map(Number)
    return red
  })
  assert.ok(light < 40, `the ground has a red of ${light}`)
})

test('the story can be played with the keyboard alone', { skip: missing }, async (t) => {
  const { demo, page } = await setStage(t)
  /** Goes forward to a control and presses it. */
  const press = async (id: string, key = 'Enter') => {
    await page.waitForSelector(`#${id}:not(:disabled)`)
    for (let i = 0; i < 80; i += 1) {
      if (await page.evaluate((wanted) => document.activeElement?.id === wanted, id)) {
        return page.keyboard.press(key)
      }
      await page.keyboard.press('Tab')
    }
    throw new Error(`${id} is not reached by the keyboard`)
  }
  await page.goto(demo.link)
  await press('make-passkey')
  await press('ask')
  await press('wallet-0')
  await press('review-sign')
  await press('wallet-sign')
  await press('signed-back')
  await press('move-1')
  await page.waitForSelector('#log .mined')
  const said = await page.locator('#announcements').innerText()
  assert.match(said, /Move 1 is mined/)
})
