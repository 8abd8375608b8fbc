// What was forged: fields that are typed, what the browser has kept, links and texts for other places.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { lieTo } from './lyingNode.js'
import { EVIL, isHarmless } from './markup.js'
import {
  askChain,
  askForSession,
  beginToPlay,
  missing,
  movesOf,
  setStage,
  signAtDesk,
  tryAt,
} from './stage.js'

test('what is typed into any field is only text', { skip: missing }, async (t) => {
  const { demo, page } = await setStage(t)
  await page.goto(`${demo.origin}/#/desk`)
  await page.waitForSelector('#sessions-title')
  await page.click('#settings')
  await page.click('#new-session summary')
  const fields = page.locator('input[type="text"]:visible, textarea:visible')
  const count = await fields.count()
  assert.ok(count >= 14, `${count} fields`)

  for (let i = 0; i < count; i += 1) {
    await fields.nth(i).fill(EVIL)
    await fields.nth(i).press('Tab')
  }
  const answers = [
    ['template-review', '.review .notice.bad'],
    ['bring-look', '.notice.bad >> text=cannot be read'],
    ['settings-keep', '[aria-invalid="true"]'],
  ] as const
  for (const [id, answer] of answers) {
    await page.click(`#${id}`)
    await page.waitForSelector(answer)
    await isHarmless(page, id)
  }
  assert.equal(await page.locator('[aria-invalid="true"]').count(), 8, 'each of the settings')

  await page.goto(`${demo.origin}/#/game`)
  await page.click('#make-key')
  await page.click('#paste summary')
  await page.fill('#session-text', EVIL)
  await page.click('#session-take')
  await page.waitForSelector('.notice.bad')
  await isHarmless(page, 'the text of a session')
  assert.deepEqual(page.complaints, [])
})

test('what begins as an address of this page and names another host is none', { skip: missing }, async (t) => {
  const { demo, page } = await setStage(t)
  await page.goto(`${demo.origin}/#/desk`)
  await page.click('#settings')

  for (const address of ['//127.0.0.1:1/', '/\\127.0.0.1:1/']) {
    await page.fill('#setting-sponsor', address)
    await page.click('#settings-keep')
    await page.waitForSelector('#setting-sponsor[aria-invalid="true"]', { timeout: 5_000 })
  }
  await page.fill('#setting-sponsor', '/sponsor')
  await page.click('#settings-keep')
  await page.waitForSelector('#settings-keep', { state: 'detached' })
})

test('what the browser has kept is not believed', { skip: missing }, async (t) => {
  const { demo, page } = await setStage(t)
  await page.goto(demo.link)
  await page.evaluate((evil) => {
    localStorage.setItem('smart-session.place', JSON.stringify({ node: evil, module: evil }))
    localStorage.setItem('smart-session.game.session', evil)
    localStorage.setItem('smart-session.game.passkey', JSON.stringify({ id: evil, publicKey: evil }))
    localStorage.setItem('smart-session.desk.sessions', JSON.stringify([evil, 1, { a: evil }]))
  }, EVIL)

  await page.reload()
  await page.waitForSelector('#make-key')
  await isHarmless(page, 'the game')
  await page.click('#to-desk')
  await page.waitForSelector('#sessions-title >> text=Sessions (2)')
  await isHarmless(page, 'the desk')
})

test('a request for another chain cannot be signed', { skip: missing }, async (t) => {
  const { demo, page } = await setStage(t)
  const request = {
    chain: 42161,
    lasts: 3600,
    delegate: '0x1111111111111111111111111111111111111111',
    maxCalls: 3,
    feeLimit: '0.01 ETH',
    permissions: [{ target: demo.world['game'], call: 'move(uint8)' }],
  }
  const text = Buffer.from(JSON.stringify(request)).toString('base64url')

  await page.goto(`${demo.origin}/#/desk?request=${text}`)

  await page.waitForSelector('.review .notice.bad >> text=42161')
  await page.click('#wallet-0')
  await page.waitForSelector('#wallet')
  assert.equal(await page.locator('#review-obstacle').count(), 0, 'the request is why')
  assert.ok(await page.locator('#review-sign').isDisabled())
})

test('a session whose signature is changed by one bit moves nothing', { skip: missing }, async (t) => {
  const { demo, page } = await setStage(t)
  await askForSession(page, demo)
  await signAtDesk(page)
  const text = await page.locator('#signed-text').innerText()
  const bytes = Buffer.from(text.slice('session1.'.length), 'base64url')
  bytes[bytes.length - 2] = bytes[bytes.length - 2]! ^ 1
  const changed = `session1.${bytes.toString('base64url')}`

  await page.goto('about:blank')
  await page.goto(`${demo.origin}/#/game?session=${changed}`)

  const { text: told } = await tryAt(page, '#move-1')
  assert.match(told, /^Refused.*signature/)
  assert.equal(await movesOf(demo), 0)
})

test('a node that hides the account is told, and nothing is signed', { skip: missing }, async (t) => {
  const { demo, page } = await setStage(t)
  const account = String(demo.world['account']).toLowerCase()
  await lieTo(page, demo, ({ method, params: [address] }) => {
    const isAccount = method === 'eth_getCode' && String(address).toLowerCase() === account
    return isAccount ? { result: '0x' } : undefined
  })

  await page.goto(`${demo.origin}/#/desk`)

  await page.waitForSelector('.notice.bad >> text=There is no account at')
  assert.equal(await page.locator('[data-session]').count(), 0)
})

test('a node that says a move was mined which was not is not believed', { skip: missing }, async (t) => {
  const { demo, page } = await setStage(t)
  await beginToPlay(page, demo)
  await page.click('#way-operation')
  assert.match((await tryAt(page, '#move-1')).text, /^Mined/)
  // The receipt of an earlier bundle for every operation: the event is of another operation.
  const { entryPoint: address } = demo.world
  // UserOperationEvent
  const topics = ['0x49628fd1471006c1482da88028e9ce4dbb080b815c9b0344d39e5a8e6ec1419f']
  const filter = { address, topics, fromBlock: 'latest' }
  const [log] = ((await askChain(demo, 'eth_getLogs', [filter])) as unknown[]).slice(-1)
  assert.ok(log)
  await lieTo(page, demo, ({ method }) => (method === 'eth_getLogs' ? { result: [log] } : undefined))
  await page.route('**/sponsor', (route) => {
    const { id, method } = route.request().postDataJSON() as { id: number; method: string }
    if (method !== 'eth_sendTransaction') return route.continue()
    return route.fulfill({ json: { jsonrpc: '2.0', id, result: `0x${'ab'.repeat(32)}` } })
  })

  let asked = 0
  page.on('request', (request) => {
    asked += request.postData()?.includes('eth_getLogs') ? 1 : 0
  })
  await page.click('#move-1')
  while (asked < 20) await page.waitForEvent('request')

  await page.waitForSelector('#log .busy >> text=Signing and sending')
  assert.equal(await page.locator('#log .mined').count(), 1, 'only the first')
  assert.equal(await page.locator('#log .refused').count(), 0, 'it is still waited for')
})
