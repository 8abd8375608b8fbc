// Alice's story, from the first click to the last.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  askForSession,
  beginToPlay,
  missing,
  movesOf,
  setStage,
  signAtDesk,
  takeToGame,
  tryAt,
} from './stage.js'

test(
  'a passkey moves within its session until its owner revokes it',
  { skip: missing },
  async (t) => {
    const { demo, page } = await setStage(t)

    await askForSession(page, demo, '#make-passkey')
    const asked = await page.locator('.review').innerText()
    assert.match(asked, /move\(uint8\)/)
    assert.match(asked, /up to 0\.01 ETH a call/)
    assert.match(asked, /at most 0\.05 ETH in all/)
    assert.match(asked, /\(passkey\)/)
    await page.click('#wallet-0')
    await page.click('#review-sign')
    const shown = await page.locator('.wallet-fields').innerText()
    assert.match(shown, /Smart Session/)
    assert.ok(shown.includes('maxCalls'), 'the wallet shows typed data, not a digest')
    await page.click('#wallet-sign')
    await page.waitForSelector('#signed-title')
    assert.match(await page.locator('#signed-text').innerText(), /^session1\.[\w-]+$/)

    await takeToGame(page)
    assert.match(await page.locator('#board .pill').innerText(), /not enabled/)
    assert.match((await tryAt(page, '#move-1')).text, /^Mined/)
    assert.match((await tryAt(page, '#move-3')).text, /^Mined/)
    assert.equal(await movesOf(demo), 2)
    await page.waitForSelector('#left >> text=18 of 20 left')
    await page.waitForSelector('#left >> text=0.048 ETH of 0.05 ETH left')
    assert.match(await page.locator('#board .pill').innerText(), /live/)

    await page.selectOption('#stake', '0.02')
    const tooMuch = await tryAt(page, '#move-1')
    assert.equal(tooMuch.code, 'NotPermitted')
    assert.match(tooMuch.text, /allows 0\.01 ETH, not 0\.02/)
    await page.selectOption('#stake', '0.001')
    await page.click('#try-more summary')
    const other = await tryAt(page, '#try-withdraw')
    assert.equal(other.code, 'NotPermitted')
    assert.equal(await movesOf(demo), 2, 'what is refused does not happen')

    await page.click('#to-desk')
    const card = page.locator('[data-session]', { hasText: 'Passkey' })
    await card.locator('text=18 of 20 left').waitFor()
    assert.match(await card.innerText(), /2 signed orders ran/)
    await card.locator('.danger').click()
    assert.match(await page.locator('#wallet-title').innerText(), /RevokeSession/)
    await page.click('#wallet-sign')
    await page.click('#wallet-sign >> visible=true')
    await page.waitForSelector('[data-status="revoked"]:has-text("Passkey")')

    await page.click('#to-game')
    const over = await tryAt(page, '#move-1')
    assert.equal(over.code, 'SessionRevokedForEver', over.text)
    assert.equal(await movesOf(demo), 2)
    assert.deepEqual(page.complaints, [])
  },
)

test(
  'moves travel as operations too, brought by a sponsor or by a wallet',
  { skip: missing },
  async (t) => {
    const { demo, page } = await setStage(t)
    await beginToPlay(page, demo, '#make-passkey')

    await page.click('#way-operation')
    assert.match((await tryAt(page, '#move-1')).text, /^Mined/)
    await page.selectOption('#stake', '0.02')
    assert.equal((await tryAt(page, '#move-1')).code, 'NotPermitted')
    await page.selectOption('#stake', '0')
    await page.click('#way-wallet')
    await page.click('#move-2')
    assert.match(await page.locator('#wallet-title').innerText(), /Send a transaction/)
    await page.click('#wallet-sign')
    await page.waitForSelector('#log [data-try="3"].mined')
    await page.click('#way-bundler')
    const unnamed = await tryAt(page, '#move-1')
    assert.match(unnamed.text, /No bundler is named\. Name one in the settings\./)

    assert.equal(await movesOf(demo), 2)
    await page.click('#to-desk')
    const card = page.locator('[data-session]', { hasText: 'Passkey' })
    await card.locator('text=18 of 20 left').waitFor()
    assert.match(await card.innerText(), /Last operation/)
  },
)

test('an owner who declines signs nothing', { skip: missing }, async (t) => {
  const { demo, page } = await setStage(t)
  await askForSession(page, demo)
  await page.click('#wallet-0')

  await page.click('#review-sign')
  await page.click('#wallet-decline')

  await page.waitForSelector('.notice.bad >> text=declined in the wallet')
  assert.equal(await page.locator('#signed-title').count(), 0)
})

test('an owner who sets less grants less', { skip: missing }, async (t) => {
  const { demo, page } = await setStage(t)
  await askForSession(page, demo)

  await page.fill('#terms-calls', '2')
  await page.press('#terms-calls', 'Tab')
  await page.waitForSelector('.review >> text=at most 2')
  await signAtDesk(page)
  await takeToGame(page)

  await tryAt(page, '#move-1')
  await tryAt(page, '#move-1')
  const third = await tryAt(page, '#move-1')
  assert.match(third.text, /with this operation 3 calls are made, 2 are allowed/)
  assert.equal(await movesOf(demo), 2)
})

test('revoking all ends what was signed and never enabled', { skip: missing }, async (t) => {
  const { demo, page } = await setStage(t)
  await askForSession(page, demo)
  await signAtDesk(page)

  await page.click('#revoke-all')
  await page.click('#revoke-all-sure')
  assert.match(await page.locator('#wallet-title').innerText(), /RevokeAllSessions/)
  await page.click('#wallet-sign')
  await page.click('#wallet-sign >> visible=true')
  await page.waitForSelector('[data-status="void"]:has-text("Browser key")')

  await takeToGame(page)
  assert.match(await page.locator('#board .pill').innerText(), /void/)
  assert.match((await tryAt(page, '#move-1')).text, /^Refused/)
  assert.equal(await movesOf(demo), 0)
})

test('leaving uninstalls the module', { skip: missing }, async (t) => {
  const { demo, page } = await setStage(t)
  await page.goto(`${demo.origin}/#/desk`)
  await page.click('#wallet-0')

  await page.click('#leave')
  await page.click('#leave-sure')
  assert.match(await page.locator('#wallet-title').innerText(), /message/)
  await page.click('#wallet-sign')
  await page.click('#wallet-sign >> visible=true')

  await page.waitForSelector('.account >> text=not installed')
  await page.waitForSelector('[data-status="void"]')
})
