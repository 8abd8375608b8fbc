// A node that lies: what it says of one thing or another, in place of the truth.

import type { Page, Route } from 'playwright-core'
import type { Demo } from './stage.js'

/** A question to a node. */
export type Question = { readonly method: string; readonly params: readonly unknown[] }

/** What a node answers: a result, or an error. */
export type Lie =
  | { readonly result: unknown }
  | { readonly error: { code?: number; message: string; data?: string } }

type Asked = Partial<Question> & { readonly id: number; readonly method: string }

/** Lets the node of a page answer by `lie`, and truly where that gives nothing; in batches too. */
export async function lieTo(
  page: Page,
  { world }: Demo,
  lie: (question: Question) => Lie | undefined,
): Promise<void> {
  await page.route(`${world.rpc}/**`, async (route) => {
    const body = route.request().postDataJSON() as Asked | Asked[] | null
    if (body === null) return route.continue()
    const questions = Array.isArray(body) ? body : [body]
    const lies = questions.map(({ method, params = [] }) => lie({ method, params }))
    if (lies.every((one) => one === undefined)) return route.continue()
    // The page may have left meanwhile, and its question with it.
    const truths = await trueAnswers(route).catch(() => undefined)
    if (truths === undefined) return route.abort().catch(() => undefined)
    const answers = questions.map(({ id }, i) => {
      const told = lies[i]
      return told === undefined ? truths.find((one) => one.id === id) : { jsonrpc: '2.0', id, ...told }
    })
    const headers = { 'access-control-allow-origin': '*' }
    const json = Array.isArray(body) ? answers : answers[0]
    return route.fulfill({ json, headers }).catch(() => undefined)
  })
}

async function trueAnswers(route: Route): Promise<{ id: number }[]> {
  const answer = (await (await route.fetch()).json()) as { id: number } | { id: number }[]
  return Array.isArray(answer) ? answer : [answer]
}
