// Nodes as they are: gone, slow, of another chain, lying.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { encodeAbiParameters, toEventSelector } from 'viem'
import { type Question, lieTo } from './lyingNode.js'
import { askChain, beginToPlay, missing, movesOf, setStage, tryAt } from './stage.js'

/** It says that it is of Arbitrum One. */
const OTHER_CHAIN = ({ method }: Question) =>
  method === 'eth_chainId' ? { result: '0xa4b1' } : undefined

test('a node that is gone is told, and found again', { skip: missing }, async (t) => {
  const { demo, page } = await setStage(t)
  await page.route(`${demo.world.rpc}/**`, (route) => route.abort('connectionrefused'))

  await page.goto(`${demo.origin}/#/desk`)

  await page.waitForSelector('.notice.bad >> text=/The node or bundler at .* cannot be reached/')
  assert.match(await page.locator('#chain').innerText(), /not connected/)
  await page.unroute(`${demo.world.rpc}/**`)
  await page.click('#reconnect')
  await page.waitForSelector('#chain.on')
  await page.waitForSelector('#sessions-title')
})

test('a node that goes away during play loses no session', { skip: missing }, async (t) => {
  const { demo, page } = await setStage(t)
  await beginToPlay(page, demo)
  await tryAt(page, '#move-1')

  await page.route(`${demo.world.rpc}/**`, (route) => route.abort('connectionrefused'))
  const gone = await tryAt(page, '#move-1')
  assert.match(gone.text, /^Refused/)
  assert.match(gone.text, /node or bundler at .* cannot be reached/)
  await page.unroute(`${demo.world.rpc}/**`)

  assert.match((await tryAt(page, '#move-1')).text, /^Mined/)
  assert.equal(await movesOf(demo), 2)
})

test('a node that is slow is waited for, and that is said', { skip: missing }, async (t) => {
  const { demo, page } = await setStage(t)
  let isHeld = true
  await page.route(`${demo.world.rpc}/**`, async (route) => {
    if (isHeld) await new Promise((resolve) => setTimeout(resolve, 5_000))
    await route.continue()
  })

  await page.goto(`${demo.origin}/#/desk`)

  await page.waitForSelector('.notice.note >> text=has not answered yet')
  await page.click('#settings')
  isHeld = false
  await page.waitForSelector('#sessions-title')
  assert.equal(await page.locator('#settings-keep').count(), 1, 'settings stay open')
  assert.equal(await page.locator('text=has not answered yet').count(), 0)
})

test('a node of another chain is not worked with', { skip: missing }, async (t) => {
  const { demo, page } = await setStage(t)
  await lieTo(page, demo, OTHER_CHAIN)

  await page.goto(`${demo.origin}/#/desk`)

  await page.waitForSelector('.notice.bad >> text=of chain 42161, this page is set to chain 412346')
  assert.equal(await page.locator('#sessions-title').count(), 0)
})

test('a node that takes one question at a time is asked so', { skip: missing }, async (t) => {
  const { demo, page } = await setStage(t)
  let batches = 0
  await page.route(`${demo.world.rpc}/**`, (route) => {
    const isBatch = Array.isArray(route.request().postDataJSON())
    batches += isBatch ? 1 : 0
    const refusal = { jsonrpc: '2.0', id: null, error: { code: -32600, message: 'no batches' } }
    const headers = { 'access-control-allow-origin': '*' }
    return isBatch ? route.fulfill({ status: 400, json: refusal, headers }) : route.continue()
  })

  await beginToPlay(page, demo)

  assert.match((await tryAt(page, '#move-1')).text, /^Mined/)
  assert.ok(batches > 0 && batches <= 4, `${batches} batches: tried once for each page that is opened`)
})

test('a node that takes few questions at a time is asked one by one', { skip: missing }, async (t) => {
  const { demo, page } = await setStage(t)
  const sizes: number[] = []
  await page.route(`${demo.world.rpc}/**`, (route) => {
    const asked = route.request().postDataJSON() as unknown
    const size = Array.isArray(asked) ? asked.length : 1
    sizes.push(size)
    const refusal = { jsonrpc: '2.0', id: null, error: { code: -32600, message: 'five at most' } }
    const headers = { 'access-control-allow-origin': '*' }
    return size > 5 ? route.fulfill({ status: 400, json: refusal, headers }) : route.continue()
  })

  await page.goto(`${demo.origin}/#/desk`)

  await page.waitForSelector('#sessions-title >> text=Sessions (2)')
  assert.deepEqual([...new Set(sizes)].sort(), [1, 10], 'it is tried once, with as many as are asked')
})

test('no request asks more at a time than the node was tried with', { skip: missing }, async (t) => {
  const { demo, page } = await setStage(t)
  const sizes: number[] = []
  page.on('request', (request) => {
    const asked = request.url().startsWith(demo.world.rpc) ? request.postDataJSON() : undefined
    if (Array.isArray(asked)) sizes.push(asked.length)
  })

  await page.goto(`${demo.origin}/#/desk`)

  await page.waitForSelector('#sessions-title >> text=Sessions (2)')
  assert.ok(sizes.length > 1)
  assert.equal(Math.max(...sizes), 10)
})

test('a node without old blocks is not taken for the whole truth', { skip: missing }, async (t) => {
  const { demo, page } = await setStage(t)
  // In the last block before it a session was enabled.
  await askChain(demo, 'evm_mine', [])
  const block = async (tag: string) =>
    (await askChain(demo, 'eth_getBlockByNumber', [tag, false])) as { number: string }
  const [newest, oldest] = [await block('latest'), await block('earliest')]
  await lieTo(page, demo, ({ method, params: [block] }) =>
    method === 'eth_getBlockByNumber' && block === 'earliest' ? { result: newest } : undefined,
  )

  await page.goto(`${demo.origin}/#/desk`)

  const since = await page.locator('#sessions-since').innerText()
  const begin = `No session was enabled here from block ${Number(newest.number)} on.`
  assert.ok(since.startsWith(begin), since)
  assert.match(since, /This node has no events of older blocks/)
  assert.equal(await page.locator('text=was ever enabled').count(), 0)

  await page.unroute(`${demo.world.rpc}/**`)
  await page.waitForSelector('#sessions-title >> text=Sessions (2)')
  const found = await page.locator('#sessions-since').innerText()
  assert.ok(found.startsWith(`Looked through from block ${Number(oldest.number)} on.`), found)

  await lieTo(page, demo, ({ method, params: [asked] }) => {
    if (method === 'eth_getLogs') return { result: [] }
    const isOldest = method === 'eth_getBlockByNumber' && asked === 'earliest'
    return isOldest ? { result: { ...oldest, number: '0x0' } } : undefined
  })
  await page.waitForSelector('#sessions >> text=No session was ever enabled here.')
  assert.equal(await page.locator('#sessions-since').count(), 0)
})

test('sessions that the page cannot read are told by their ids', { skip: missing }, async (t) => {
  const { demo, page } = await setStage(t)
  const enabled = toEventSelector('SessionEnabled(address,bytes32,address,bytes)')
  const filter = { address: demo.world['module'], topics: [enabled], fromBlock: 'earliest' }
  const logs = (await askChain(demo, 'eth_getLogs', [filter])) as { topics: string[]; data: string }[]
  assert.ok(logs.length > 0)
  const data = encodeAbiParameters([{ type: 'bytes' }], ['0xff01'])
  const later = logs.map((log) => ({ ...log, data }))
  const oldest = (await askChain(demo, 'eth_getBlockByNumber', ['earliest', false])) as object
  await lieTo(page, demo, ({ method, params: [block] }) => {
    if (method === 'eth_getLogs') return { result: later }
    const isOldest = method === 'eth_getBlockByNumber' && block === 'earliest'
    return isOldest ? { result: { ...oldest, number: '0x0' } } : undefined
  })

  await page.goto(`${demo.origin}/#/desk`)

  const told = await page.locator('#sessions-unreadable').innerText()
  assert.ok(told.startsWith(`This page cannot read ${logs.length} more, which may still act`), told)
  for (const { topics } of logs) assert.ok(told.includes(topics[2]!), told)
  assert.equal(await page.locator('text=was ever enabled').count(), 0)
})

test('what was asked of one account does not come back at another', { skip: missing }, async (t) => {
  const { demo, page } = await setStage(t)
  const held: (() => void)[] = []
  let isHeld = true
  await page.route(`${demo.world.rpc}/**`, async (route) => {
    const isOfSessions = route.request().postData()?.includes('eth_getLogs')
    if (isHeld && isOfSessions) await new Promise<void>((resolve) => held.push(resolve))
    await route.continue().catch(() => undefined)
  })
  await page.goto(`${demo.origin}/#/desk`)
  await page.click('#settings')
  await page.fill('#setting-account', '')
  while (held.length === 0) await page.waitForRequest(`${demo.world.rpc}/**`)
  await page.click('#settings-keep')
  await page.waitForSelector('#chain.on')
  await page.waitForSelector('#account-look')

  isHeld = false
  held.forEach((release) => release())

  await page.waitForTimeout(1_500)
  assert.equal(await page.locator('#sessions').count(), 0)
  assert.equal(await page.locator('#account-look').count(), 1, 'no account is shown')
})

test(
  'a node that changes its chain during play gets nothing signed',
  { skip: missing },
  async (t) => {
    const { demo, page } = await setStage(t)
    await beginToPlay(page, demo)
    await tryAt(page, '#move-1')
    await page.click('#to-desk')
    await page.waitForSelector('[data-status="live"]:has-text("Browser key")')
    await lieTo(page, demo, OTHER_CHAIN)

    await page.locator('[data-session]', { hasText: 'Browser key' }).locator('.danger').click()

    await page.waitForSelector('.notice.bad >> text=of chain 42161')
    assert.equal(await page.locator('#wallet-title').count(), 0, 'the wallet is not asked')
  },
)

test(
  'a module whose code is not known is shown, and nothing is signed for it',
  { skip: missing },
  async (t) => {
    const { demo, page } = await setStage(t)
    const module = String(demo.world['module']).toLowerCase()
    await lieTo(page, demo, ({ method, params: [address] }) => {
      const isModule = method === 'eth_getCode' && String(address).toLowerCase() === module
      return isModule ? { result: '0x60006000fd' } : undefined
    })

    await page.goto(`${demo.origin}/#/desk`)
    await page.click('#wallet-0')

    await page.waitForSelector('.notice.bad >> text=not that of a release')
    await page.locator('[data-session] .danger').first().click()
    await page.waitForSelector('.notice.bad >> text=The code of the module')
    assert.equal(await page.locator('#wallet-title').count(), 0, 'the wallet is not asked')
  },
)
