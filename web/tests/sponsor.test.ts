// Sponsors that lie: they name a transaction, and the order did not run in it.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Page } from 'playwright-core'
import { beginToPlay, missing, movesOf, setStage, tryAt } from './stage.js'

/** What a page asks of a sponsor. */
type Asked = { readonly id: number; readonly method: string; readonly params: readonly unknown[] }

/** Lets the sponsor do something else than to send a transaction: name another one, or send another.
 *
 * @param lie gets what the page asks to be sent. */
async function lieAsSponsor(
  page: Page,
  lie: (asked: Asked) => { readonly names: string } | { readonly sends: unknown } | undefined,
): Promise<void> {
  await page.route('**/sponsor', (route) => {
    const asked = route.request().postDataJSON() as Asked
    const told = asked.method === 'eth_sendTransaction' ? lie(asked) : undefined
    if (told === undefined) return route.continue()
    const { id } = asked
    if ('names' in told) return route.fulfill({ json: { jsonrpc: '2.0', id, result: told.names } })
    return route.continue({ postData: JSON.stringify({ ...asked, params: [told.sends] }) })
  })
}

/** The transaction that the sponsor names next. */
async function namedNext(page: Page): Promise<string> {
  const isSent = (body: string | null) => body?.includes('eth_sendTransaction') ?? false
  const answer = await page.waitForResponse(
    (response) => response.url().endsWith('/sponsor') && isSent(response.request().postData()),
  )
  return ((await answer.json()) as { result: string }).result
}

test('a sponsor that names an earlier transaction is not believed', { skip: missing }, async (t) => {
  const { demo, page } = await setStage(t)
  await beginToPlay(page, demo)
  const [earlier, first] = await Promise.all([namedNext(page), tryAt(page, '#move-1')])
  assert.match(first.text, /^Mined/)
  await lieAsSponsor(page, () => ({ names: earlier }))

  const { text, code } = await tryAt(page, '#move-2')

  assert.equal(code, 'NotLanded', text)
  assert.match(text, /^Refused.*The sponsor has not brought the order/)
  assert.ok(text.includes(`${earlier}, which does not carry it`), text)
  assert.match(text, /Play again, which replaces it; before you use another way, wait until \d/)
  assert.equal(await movesOf(demo), 1)

  await page.unroute('**/sponsor')
  assert.match((await tryAt(page, '#move-2')).text, /^Mined/)
})

test('a sponsor that brings an earlier order for this one is not believed', { skip: missing }, async (t) => {
  const { demo, page } = await setStage(t)
  await beginToPlay(page, demo)
  const [earlier] = await Promise.all([namedNext(page), tryAt(page, '#move-1')])
  const orders: unknown[] = []
  await lieAsSponsor(page, ({ params: [order] }) => {
    orders.push(order)
    return orders.length === 1 ? { names: earlier } : { sends: orders[0] }
  })
  assert.equal((await tryAt(page, '#move-2')).code, 'NotLanded', 'it keeps the order')

  const { text, code } = await tryAt(page, '#move-3')

  assert.equal(code, 'NotLanded', text)
  assert.match(text, /which does not carry it/)
  assert.equal(await movesOf(demo), 2, 'the one that was kept has run')
})

test('a sponsor that refuses or is silent still has the order, and the page says so', { skip: missing }, async (t) => {
  const { demo, page } = await setStage(t)
  await beginToPlay(page, demo)
  const isAsked = (body: string | null) => body?.includes('eth_sendTransaction') ?? false
  const answers = [
    [{ error: { code: -32000, message: 'no gas today', name: 'NotAllowedError' } }, /no gas today/],
    [{ result: 'sent' }, /names no transaction/],
    [undefined, /does not answer in time/],
  ] as const
  for (const [answer, why] of answers) {
    await page.route('**/sponsor', (route) => {
      if (!isAsked(route.request().postData())) return route.continue()
      return answer && route.fulfill({ json: { jsonrpc: '2.0', id: 1, ...answer } })
    })

    const { text, code } = await tryAt(page, '#move-1')

    assert.equal(code, 'NotLanded', text)
    assert.match(text, why)
    assert.match(text, /Play again, which replaces it; before you use another way, wait until \d/)
    await page.unroute('**/sponsor')
  }
  assert.match((await tryAt(page, '#move-2')).text, /^Mined/)
  assert.equal(await movesOf(demo), 1)
})
