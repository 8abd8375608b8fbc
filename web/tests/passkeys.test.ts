// Passkeys and keys as browsers give them.

import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import {
  addAuthenticator,
  askForSession,
  beginToPlay,
  missing,
  movesOf,
  openPage,
  setStage,
  startBrowser,
  startDemo,
  signAtDesk,
  takeToGame,
  tryAt,
} from './stage.js'

test('a passkey that does not check who its user is moves too', { skip: missing }, async (t) => {
  const [demo, browser] = await Promise.all([startDemo(t), startBrowser(t)])
  const page = await openPage(await browser.newContext())
  await addAuthenticator(page, { isUserVerified: false })

  await beginToPlay(page, demo, '#make-passkey')

  assert.match((await tryAt(page, '#move-2')).text, /^Mined/)
  assert.equal(await movesOf(demo), 1)
})

test('key and session are still there after a reload', { skip: missing }, async (t) => {
  const { demo, page } = await setStage(t)
  for (const key of ['#make-key', '#make-passkey']) {
    await page.goto(`${demo.origin}/`)
    await page.evaluate(async () => {
      localStorage.clear()
      await new Promise((resolve) => {
        indexedDB.deleteDatabase('smart-session').onsuccess = resolve
      })
    })
    await page.reload()
    await beginToPlay(page, demo, key)
    await tryAt(page, '#move-1')
    const before = await page.locator('#key code').getAttribute('title')

    await page.reload()

    await page.waitForSelector('#board .pill >> text=live')
    assert.equal(await page.locator('#key code').getAttribute('title'), before)
    assert.match((await tryAt(page, '#move-1')).text, /^Mined/)
  }
  assert.equal(await movesOf(demo), 4)
})

test('a key of the browser cannot be taken out of it', { skip: missing }, async (t) => {
  const { demo, page } = await setStage(t)
  await page.goto(`${demo.origin}/#/game`)
  await page.click('#make-key')
  await page.waitForSelector('#key')

  const kept = await page.evaluate(
    () =>
      new Promise<string>((resolve) => {
        const request = indexedDB.open('smart-session', 1)
        request.onsuccess = () => {
          const store = request.result.transaction('keys').objectStore('keys')
          const got = store.get('game')
          got.onsuccess = () => {
            const { privateKey } = got.result as CryptoKeyPair
            crypto.subtle.exportKey('pkcs8', privateKey).then(
              () => resolve('exported'),
              (error: Error) => resolve(error.name),
            )
          }
        }
      }),
  )

  assert.equal(kept, 'InvalidAccessError')
})

test('a passkey that is declined is told in words', { skip: missing }, async (t) => {
  const [demo, browser] = await Promise.all([startDemo(t), startBrowser(t)])
  const page = await openPage(await browser.newContext())
  await page.addInitScript(() => {
    navigator.credentials.create = () =>
      Promise.reject(new DOMException('The operation was not allowed.', 'NotAllowedError'))
  })
  await page.goto(`${demo.origin}/#/game`)

  await page.click('#make-passkey')

  const told = await page.locator('.notice.bad').innerText()
  assert.match(told, /passkey was not used/i)
  assert.match(told, /try again/i)
})

test(
  'the game plays within a page of another origin, the desk does not',
  { skip: missing },
  async (t) => {
    const { demo, page } = await setStage(t)
    // A passkey is made for localhost: the page around it is another origin by its port.
    const around = createServer((_, response) => {
      const allow = 'publickey-credentials-get *; publickey-credentials-create *'
      response.setHeader('content-type', 'text/html')
      response.end(`<iframe src="${demo.origin}/#/game" allow="${allow}" width="900" height="800">`)
    })
    await new Promise<void>((resolve) => around.listen(0, '127.0.0.1', resolve))
    t.after(() => around.close())
    await beginToPlay(page, demo, '#make-passkey')

    await page.goto(`http://localhost:${(around.address() as AddressInfo).port}/`)
    const frame = page.frameLocator('iframe')
    await frame.locator('#board .pill').waitFor()
    await frame.locator('#move-1').click()

    assert.match((await frame.locator('#log [data-try="1"]').textContent()) ?? '', /^Mined/)
    assert.equal(await movesOf(demo), 1)
    await frame.locator('#to-desk').click()
    await frame.locator('text=does not open within another page').waitFor()
    assert.equal(await frame.locator('.danger').count(), 0)
  },
)

test('a session for another key is not taken', { skip: missing }, async (t) => {
  const { demo, page, browser } = await setStage(t)
  await askForSession(page, demo)
  await signAtDesk(page)
  const text = await page.locator('#signed-text').innerText()
  await takeToGame(page)
  const other = await openPage(await browser.newContext())
  await other.goto(`${demo.origin}/#/game`)
  await other.click('#make-key')

  await other.click('#paste summary')
  await other.fill('#session-text', text)
  await other.click('#session-take')

  await other.waitForSelector('.notice.bad >> text=The session is for the key')
  assert.equal(await other.locator('#board').count(), 0)
})
