// A browser before the demonstration: the page, the embedded chain behind it, and hands that click.

import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { TestContext } from 'node:test'
import { type Browser, type BrowserContext, type Page, chromium } from 'playwright-core'

const WEB = join(dirname(fileURLToPath(import.meta.url)), '..')
const ROOT = join(WEB, '..')
const TARGET = process.env['CARGO_TARGET_DIR'] ?? join(ROOT, 'target')
/** The program that serves the chain. */
export const WORLD = process.env['SMART_SESSION_WORLD'] ?? join(TARGET, 'debug/world')
const BROWSERS = [process.env['CHROMIUM'] ?? '', '/usr/bin/chromium', '/usr/bin/chromium-browser']

/** Returns a file of the repository. */
export const path = (file: string): string => join(ROOT, file)

/** Why nothing can be shown here, and what helps; `false` if all is there. */
export const missing: string | false = (() => {
  if (!BROWSERS.some((file) => file !== '' && existsSync(file))) {
    return 'there is no Chromium: install Debian’s package chromium, or name one in CHROMIUM'
  }
  if (!existsSync(WORLD)) return `${WORLD} is missing: run scripts/demo --web once`
  if (!existsSync(join(WEB, 'dist-demo/index.html'))) {
    return 'the page is not built: run npm run build in web'
  }
  return false
})()

/** What scripts/demo --web starts. */
export type Demo = {
  readonly link: string
  readonly origin: string
  readonly world: { readonly [name: string]: string } & { rpc: string }
  readonly chain: { kill: (signal: string) => boolean }
  readonly stop: () => Promise<void>
}

/** Starts the demonstration; it ends with the test. */
export async function startDemo(t: TestContext, options: { page?: string } = {}): Promise<Demo> {
  process.chdir(ROOT)
  const demo = await import(join(WEB, 'demo.mjs'))
  const started: Demo = await demo.startDemo(WORLD, options)
  t.after(() => started.stop())
  return started
}

/** Starts a browser; it ends with the test. */
export async function startBrowser(t: TestContext): Promise<Browser> {
  const executablePath = BROWSERS.find((file) => file !== '' && existsSync(file))
  const browser = await chromium.launch({
    ...(executablePath === undefined ? {} : { executablePath }),
    headless: true,
    args: ['--no-sandbox'],
  })
  t.after(() => browser.close())
  return browser
}

/** Opens a page and keeps what it complains of. */
export async function openPage(context: BrowserContext): Promise<Page & { complaints: string[] }> {
  const page = (await context.newPage()) as Page & { complaints: string[] }
  page.complaints = []
  page.on('pageerror', (error) => page.complaints.push(String(error)))
  page.on('console', (message) => {
    if (message.type() === 'error') page.complaints.push(message.text())
  })
  page.setDefaultTimeout(30_000)
  return page
}

/** Gives a page a device that makes passkeys. */
export async function addAuthenticator(
  page: Page,
  { isUserVerified = true }: { isUserVerified?: boolean } = {},
): Promise<void> {
  const session = await page.context().newCDPSession(page)
  await session.send('WebAuthn.enable')
  await session.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: isUserVerified,
      isUserVerified,
      automaticPresenceSimulation: true,
    },
  })
}

/** A browser with the demonstration in it, on a page of its own. */
export async function setStage(
  t: TestContext,
  settings: Parameters<Browser['newContext']>[0] = {},
) {
  const [demo, browser] = await Promise.all([startDemo(t), startBrowser(t)])
  const context = await browser.newContext({ viewport: { width: 1100, height: 900 }, ...settings })
  const page = await openPage(context)
  await addAuthenticator(page)
  return { demo, browser, context, page }
}

/** Where the page is. */
type Place = Pick<Demo, 'origin'>

/** The game's page asks for a session: its key is made, and the desk shows the request. */
export async function askForSession(page: Page, demo: Place, key = '#make-key'): Promise<void> {
  await page.goto(`${demo.origin}/#/game`)
  await page.click(key)
  await page.click('#ask')
  await page.waitForSelector('#review-title')
}

/** Alice's wallet is connected, and signs what the desk shows. */
export async function signAtDesk(page: Page): Promise<void> {
  if ((await page.locator('#wallet').count()) === 0) await page.click('#wallet-0')
  await page.click('#review-sign')
  await page.click('#wallet-sign')
  await page.waitForSelector('#signed-title')
}

/** The session goes back to the game. */
export async function takeToGame(page: Page): Promise<void> {
  await page.click('#signed-back')
  await page.waitForSelector('#board .pill')
}

/** All of it: a key, a session, the board. */
export async function beginToPlay(page: Page, demo: Place, key = '#make-key'): Promise<void> {
  await askForSession(page, demo, key)
  await signAtDesk(page)
  await takeToGame(page)
}

/** What became of a try. */
export type Outcome = { readonly text: string; readonly code: string | null; readonly ms: number }

/** Clicks, and waits for what the log says of it. */
export async function tryAt(page: Page, button: string): Promise<Outcome> {
  // The room may still be drawn: without its log every try would count as the first.
  await page.locator('#log').waitFor({ state: 'attached' })
  const tries = await page.locator('#log [data-try]').count()
  const newest =
    tries === 0 ? 0 : Number(await page.locator('#log [data-try]').first().getAttribute('data-try'))
  await page.click(button)
  const line = page.locator(`#log [data-try="${newest + 1}"]`)
  await line.waitFor()
  return {
    text: (await line.textContent()) ?? '',
    code: await line.getAttribute('data-code'),
    ms: Number(await line.getAttribute('data-ms')),
  }
}

/** Asks the chain of the demonstration. */
export async function askChain(demo: Demo, method: string, params: unknown[]): Promise<unknown> {
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method, params })
  const headers = { 'content-type': 'application/json' }
  const answer = await fetch(demo.world.rpc, { method: 'POST', headers, body })
  const { result, error } = (await answer.json()) as { result?: unknown; error?: unknown }
  if (error !== undefined) throw new Error(JSON.stringify(error))
  return result
}

/** How often Alice's account has moved, by the game itself: `moves(address)`. */
export async function movesOf(demo: Demo): Promise<number> {
  const { game, account } = demo.world
  const data = `0xe15a808b${String(account).slice(2).padStart(64, '0')}`
  return Number(await askChain(demo, 'eth_call', [{ to: game, data }, 'latest']))
}

/** The script that looks for faults of accessibility. */
export const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js')
