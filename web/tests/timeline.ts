// What is asked between a click and its block, by whom, when: the page's requests and the sponsor's.

import type { Page, Request } from 'playwright-core'

/** One request: whose it is, what it asks, and from when to when, in milliseconds since the epoch. */
export type Asked = {
  readonly by: 'page' | 'sponsor'
  readonly what: string
  readonly from: number
  readonly to: number
}

/** Notes every request of a page and of the sponsor, which runs in this process, while `act` runs. */
export async function traced<T>(page: Page, act: () => Promise<T>): Promise<[T, Asked[]]> {
  const asked: Asked[] = []
  const note = (request: Request) => {
    const { startTime, responseEnd } = request.timing()
    const what = methodsIn(request.postData() ?? '')
    asked.push({ by: 'page', what, from: startTime, to: startTime + responseEnd })
  }
  const { fetch } = globalThis
  globalThis.fetch = async (...parameters) => {
    const from = performance.timeOrigin + performance.now()
    const answer = await fetch(...parameters)
    const to = performance.timeOrigin + performance.now()
    asked.push({ by: 'sponsor', what: methodsIn(String(parameters[1]?.body ?? '')), from, to })
    return answer
  }
  page.on('requestfinished', note)
  try {
    return [await act(), asked.sort((a, b) => a.from - b.from)]
  } finally {
    globalThis.fetch = fetch
    page.off('requestfinished', note)
  }
}

function methodsIn(body: string): string {
  const one = (request: { method?: string }) => request.method ?? '?'
  try {
    const read = JSON.parse(body)
    return Array.isArray(read) ? `[${read.map(one).join(' ')}]` : one(read)
  } catch {
    return '?'
  }
}

/** Returns what was asked from the click to the receipt, whose request ends the time. */
function within(asked: readonly Asked[], ms: number): { start: number; requests: Asked[] } {
  const receipts = asked.filter(({ what }) => what.includes('eth_getTransactionReceipt'))
  const end = Math.max(...receipts.map(({ to }) => to))
  const start = end - ms
  return { start, requests: asked.filter(({ from, to }) => from >= start - 1 && to <= end) }
}

/** Says what the time of a move went to: reading from the node, the sponsor, what became of it, and the page
 * itself, which signs and draws. */
export function partsOf(asked: readonly Asked[], ms: number): string {
  const { requests } = within(asked, ms)
  const ofPage = requests.filter(({ by }) => by === 'page')
  const sent = ofPage.find(({ what }) => what === 'eth_sendTransaction')
  if (sent === undefined) return 'nothing was sent'
  const took = (some: readonly Asked[]) => covered(some).toFixed(0)
  const before = ofPage.filter(({ from }) => from < sent.from)
  const after = ofPage.filter(({ from }) => from > sent.to)
  const chain = took(requests.filter(({ by }) => by === 'sponsor'))
  const page = (ms - covered(ofPage)).toFixed(0)
  return (
    `${took(before)} reading, ${took([sent])} with the sponsor (${chain} of it the chain), ` +
    `${took(after)} asking what became of it, ${page} the page and its key`
  )
}

/** How long at least one of the requests was under way. */
function covered(some: readonly Asked[]): number {
  let [sum, end] = [0, Number.NEGATIVE_INFINITY]
  for (const { from, to } of some) {
    sum += Math.max(0, to - Math.max(from, end))
    end = Math.max(end, to)
  }
  return sum
}

/** Writes a timeline, a line for each request, in milliseconds since the click. */
export function timelineOf(asked: readonly Asked[], ms: number): string[] {
  const { start, requests } = within(asked, ms)
  const time = (value: number) => value.toFixed(1).padStart(6)
  return requests.map(
    ({ by, what, from, to }) => `${time(from - start)} +${time(to - from)}  ${by.padEnd(7)}  ${what}`,
  )
}
