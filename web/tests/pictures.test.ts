// Four states of the page as pictures: docs/images, written anew where SMART_SESSION_PICTURES is set.

import assert from 'node:assert/strict'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { test } from 'node:test'
import type { Page } from 'playwright-core'
import {
  addAuthenticator,
  askForSession,
  missing,
  openPage,
  path,
  setStage,
  signAtDesk,
  takeToGame,
  tryAt,
} from './stage.js'

const FOLDER = path('docs/images')
/** Bytes; a repository is no place for more. */
const MOST = 150_000

/** Takes a picture of a part of the page. */
async function take(page: Page, name: string, part: string): Promise<void> {
  await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur())
  const picture = await page.locator(part).screenshot({ animations: 'disabled' })
  assert.ok(picture.length <= MOST, `${name}: ${picture.length} bytes`)
  const file = `${FOLDER}/${name}.png`
  if (process.env['SMART_SESSION_PICTURES'] !== undefined) {
    mkdirSync(FOLDER, { recursive: true })
    writeFileSync(file, picture)
  }
  assert.ok(existsSync(file), `${file} is missing: SMART_SESSION_PICTURES=1 npm test in web`)
}

test('four states of the page are in the documents', { skip: missing }, async (t) => {
  const { demo, page, browser } = await setStage(t, { viewport: { width: 860, height: 900 } })
  await askForSession(page, demo, '#make-passkey')
  await page.click('#wallet-0')
  await page.waitForSelector('#wallet')
  await take(page, 'before-signing', '.review')

  await signAtDesk(page)
  await takeToGame(page)
  for (const step of [2, 3, 1]) await tryAt(page, `#move-${step}`)
  await page.selectOption('#stake', '0.02')
  await tryAt(page, '#move-1')
  await page.waitForSelector('#left >> text=17 of 20 left')
  await take(page, 'game', '#board')

  await page.click('#to-desk')
  await page.waitForSelector('[data-status="live"] >> text=17 of 20 left')
  await take(page, 'desk', '#sessions')

  const phone = await browser.newContext({
    viewport: { width: 390, height: 780 },
    colorScheme: 'dark',
    storageState: await page.context().storageState(),
  })
  const small = await openPage(phone)
  await addAuthenticator(small)
  await small.goto(`${demo.origin}/#/desk`)
  await small.waitForSelector('[data-status="live"] >> text=17 of 20 left')
  await small.locator('[data-status="live"]').first().scrollIntoViewIfNeeded()
  await take(small, 'phone', '[data-status="live"]:has-text("Passkey")')
})
