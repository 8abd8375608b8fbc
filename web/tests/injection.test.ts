// Text that tries to be markup, or to read as something else, in every field that reaches the page.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Page } from 'playwright-core'
import { type Lie, lieTo } from './lyingNode.js'
import { EVIL, SEEN, isOnlyText } from './markup.js'
import {
  type Demo,
  askForSession,
  beginToPlay,
  missing,
  openPage,
  setStage,
  signAtDesk,
  tryAt,
} from './stage.js'

const linkOf = (demo: Demo, request: object): string => {
  const text = Buffer.from(JSON.stringify(request)).toString('base64url')
  return `${demo.origin}/#/desk?request=${text}`
}

/** A request of an app that is in order. */
const requestOf = ({ world }: Demo) => ({
  app: 'a game',
  chain: Number(world['chainId']),
  lasts: 3600,
  delegate: '0x1111111111111111111111111111111111111111',
  maxCalls: 3,
  feeLimit: '0.01 ETH',
  permissions: [{ target: world['game'], call: 'move(uint8)', value: '0.01 ETH' }],
})

/** Brings a text to the desk. */
async function bring(page: Page, demo: Demo, text: string): Promise<void> {
  await page.goto(`${demo.origin}/#/desk`)
  await page.fill('#bring-text', text)
  await page.click('#bring-look')
}

test('what an app’s request says is only text', { skip: missing }, async (t) => {
  const { demo, page } = await setStage(t)
  const good = requestOf(demo)
  const [permission] = good.permissions
  const requests = {
    app: { ...good, app: EVIL },
    delegate: { ...good, delegate: EVIL },
    maxCalls: { ...good, delegateKind: EVIL },
    feeLimit: { ...good, feeLimit: EVIL },
    chain: { ...good, chain: EVIL },
    target: { ...good, permissions: [{ ...permission, target: EVIL }] },
    call: { ...good, permissions: [{ ...permission, call: EVIL }] },
    value: { ...good, permissions: [{ ...permission, value: EVIL }] },
    rule: { ...good, permissions: [{ ...permission, rules: [{ argument: 0, equals: EVIL }] }] },
    budget: { ...good, budgets: [{ token: 'native', amount: EVIL }] },
    paymaster: { ...good, paymaster: EVIL },
    'an unknown field': { ...good, [EVIL]: 1 },
  }
  for (const [field, request] of Object.entries(requests)) {
    await t.test(field, async () => {
      await page.goto('about:blank')
      await page.goto(linkOf(demo, request))
      await isOnlyText(page)
    })
  }
  assert.deepEqual(page.complaints, [])
})

test('what a file says is only text', { skip: missing }, async (t) => {
  const { demo, page } = await setStage(t)
  const { world } = demo
  const file = {
    module: world['module'],
    account: world['account'],
    chains: [{ chain: Number(world['chainId']), epoch: '0' }],
    delegate: '0x1111111111111111111111111111111111111111',
    from: '2026-01-01T00:00:00Z',
    expiry: '2030-01-01T00:00:00Z',
    maxCalls: 1,
    feeLimit: '1 ETH',
    permissions: [{ target: world['game'], call: 'move(uint8)' }],
    salt: 0,
  }
  const permissionsRequest = {
    chainId: `0x${Number(world['chainId']).toString(16)}`,
    to: '0x1111111111111111111111111111111111111111',
    permission: { type: 'native-token-allowance', isAdjustmentAllowed: true, data: {} },
  }
  const files = {
    module: { ...file, module: EVIL },
    account: { ...file, account: EVIL },
    accountKind: { ...file, accountKind: EVIL },
    expiry: { ...file, expiry: EVIL },
    ownerSignature: { ...file, ownerSignature: EVIL },
    'an unknown field': { ...file, [EVIL]: 1 },
    'the type of an ERC-7715 request': {
      ...permissionsRequest,
      permission: { ...permissionsRequest.permission, type: EVIL },
    },
    'a rule of an ERC-7715 request': { ...permissionsRequest, rules: [{ type: EVIL, data: {} }] },
  }
  for (const [field, json] of Object.entries(files)) {
    await t.test(field, async () => {
      await page.goto('about:blank')
      await bring(page, demo, JSON.stringify(json))
      await isOnlyText(page)
    })
  }
  await t.test('what is no file at all', async () => {
    await bring(page, demo, EVIL)
    await page.waitForSelector('.notice.bad >> text=cannot be read')
    assert.equal(await page.evaluate(() => 'pwned' in window), false)
  })
  assert.deepEqual(page.complaints, [])
})

test('what a wallet calls itself, shows and answers is only text', { skip: missing }, async (t) => {
  const { demo, context } = await setStage(t)
  const page = await openPage(context)
  await page.addInitScript((name) => {
    const provider = {
      request: () => Promise.reject(Object.assign(new Error(name), { code: -32000 })),
    }
    const info = { uuid: '1', name, icon: 'javascript:window.pwned=1', rdns: name }
    const detail = { info, provider }
    window.addEventListener('eip6963:requestProvider', () => {
      window.dispatchEvent(new CustomEvent('eip6963:announceProvider', { detail }))
    })
  }, EVIL)

  await page.goto(`${demo.origin}/#/desk`)
  const wallet = page.locator('.wallets .button', { hasText: '<img' })
  await isOnlyText(page)
  assert.equal(await wallet.locator('img').count(), 0, 'an icon is data, or not shown')
  await wallet.click()

  await page.waitForSelector('#wallet-failure >> text=<img')
  await isOnlyText(page)
})

test('what a node, a token and an account say is only text', { skip: missing }, async (t) => {
  const { demo, page } = await setStage(t)
  const bytes = Buffer.from(EVIL)
  const word = (value: number) => value.toString(16).padStart(64, '0')
  const padded = bytes.toString('hex').padEnd(Math.ceil(bytes.length / 32) * 64, '0')
  const asString = `0x${word(32)}${word(bytes.length)}${padded}`
  const cases: { [name: string]: (method: string, data: string) => Lie | undefined } = {
    'a message of an error': (method) =>
      method === 'eth_getLogs' ? { error: { code: -32000, message: EVIL } } : undefined,
    'a symbol of a token': (_, data) =>
      data.startsWith('0x95d89b41') ? { result: asString } : undefined,
    'a reason of a revert': (_, data) =>
      data.startsWith('0x52d489a2')
        ? {
            error: {
              code: 3,
              message: `execution reverted: ${EVIL}`,
              data: `0x08c379a0${asString.slice(2)}`,
            },
          }
        : undefined,
  }
  for (const [name, lie] of Object.entries(cases)) {
    await t.test(name, async () => {
      await lieTo(page, demo, ({ method, params: [call] }) =>
        lie(method, (call as { data?: string } | undefined)?.data ?? ''),
      )
      await page.goto('about:blank')
      await page.goto(`${demo.origin}/#/desk`)
      // A token's symbol is cut short.
      await isOnlyText(page, name.includes('symbol') ? '<img src=x oner' : SEEN)
      await page.unroute(`${demo.world.rpc}/**`)
    })
  }
})

test('what a sponsor answers is only text', { skip: missing }, async (t) => {
  const { demo, page } = await setStage(t)
  await beginToPlay(page, demo)
  await page.route('**/sponsor', (route) => {
    const { id, method } = route.request().postDataJSON() as { id: number; method: string }
    if (method !== 'eth_sendTransaction') return route.continue()
    return route.fulfill({ json: { jsonrpc: '2.0', id, error: { code: -32000, message: EVIL } } })
  })

  assert.match((await tryAt(page, '#move-1')).text, /^Refused/)

  await isOnlyText(page)
})

test('a link that is none is told as such', { skip: missing }, async (t) => {
  const { demo, page } = await setStage(t)
  for (const hash of [
    '#/desk?request=%3Cimg%3E',
    `#/desk?session=session1.${encodeURIComponent(EVIL)}`,
  ]) {
    await page.goto('about:blank')
    await page.goto(`${demo.origin}/${hash}`)
    await page.waitForSelector('.notice.bad')
    assert.equal(await page.evaluate(() => 'pwned' in window), false)
  }
})

test('a request’s name for a function is not believed', { skip: missing }, async (t) => {
  const { demo, page } = await setStage(t)
  await askForSession(page, demo)
  await signAtDesk(page)
  const request = requestOf(demo)
  // The selector of withdraw(uint256), which the page knows by its right name.
  const permissions = [{ target: demo.world['game'], call: '0x2e1a7d4d' }]

  await page.goto('about:blank')
  await page.goto(linkOf(demo, { ...request, app: 'harmless', permissions }))

  await page.waitForSelector('.review >> text=/0x2e1a7d4d/')
  assert.match(await page.locator('.review').innerText(), /Nobody has checked that name/)
})

test(
  'what comes from outside never chooses account, module, epoch or salt',
  { skip: missing },
  async (t) => {
    const { demo, page } = await setStage(t)
    for (const field of ['account', 'module', 'chains', 'salt', 'ownerValidator']) {
      await page.goto('about:blank')
      await page.goto(linkOf(demo, { ...requestOf(demo), [field]: demo.world['game'] }))
      await page.waitForSelector(`.notice.bad >> text=${field} is nothing that can be asked for`)
      assert.equal(await page.locator('.review').count(), 0)
    }
  },
)
