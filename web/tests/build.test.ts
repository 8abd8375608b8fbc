// The page as it is built.

import assert from 'node:assert/strict'
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { beginToPlay, missing, path, setStage, tryAt } from './stage.js'

const DIST = path('web/dist')
const unbuilt = existsSync(DIST) ? false : 'the page is not built: run npm run build in web'
const files = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((file) => statSync(file).isFile())
const read = (file: string): string => readFileSync(file, 'utf8')

test('a page for use holds no key and nothing of the demonstration', { skip: unbuilt }, () => {
  for (const file of files(DIST)) {
    assert.doesNotMatch(read(file), /demo wallet|world\.json|known to everyone/, file)
  }
})

test(
  'its policy lets no script in but its own, and no markup be made of text',
  { skip: unbuilt },
  () => {
    const [, policy = ''] =
      /Content-Security-Policy"\s+content="([^"]*)"/.exec(read(join(DIST, 'index.html'))) ?? []
    for (const part of [
      "default-src 'none'",
      "script-src 'self'",
      "style-src 'self'",
      "base-uri 'none'",
      "form-action 'none'",
      "require-trusted-types-for 'script'",
      "trusted-types 'none'",
    ]) {
      assert.ok(policy.split('; ').includes(part), part)
    }
    assert.doesNotMatch(policy, /unsafe|(^|\s)\*(\s|;|$)|strict-dynamic/)
  },
)

test('text gets into the page in one place only', () => {
  const sources = files(path('web/src')).filter((file) => file.endsWith('.ts'))
  const sinks =
    /innerHTML|outerHTML|insertAdjacent|textContent|innerText|createTextNode|document\.write|DOMParser|setHTML|srcdoc|\beval\b|new Function/
  const found = sources.filter((file) => sinks.test(read(file)))
  assert.deepEqual(found, [path('web/src/page/element.ts')])
})

test('it loads at most 165 kB, compressed', { skip: unbuilt }, (t) => {
  const page = read(join(DIST, 'index.html'))
  const loaded = [...page.matchAll(/(?:src|href)="\.\/([^"]+)"/g)].map(([, file]) => file ?? '')
  const bytes = loaded.reduce(
    (sum, file) => sum + gzipSync(readFileSync(join(DIST, file))).length,
    0,
  )
  t.diagnostic(`${bytes} bytes with gzip, viem included`)
  assert.ok(bytes <= 165_000, `${bytes} bytes`)
})

test('it asks nobody but its own origin and the node', { skip: missing }, async (t) => {
  const { demo, page } = await setStage(t)
  const asked = new Set<string>()
  page.on('request', (request) => {
    const { protocol, origin } = new URL(request.url())
    if (protocol.startsWith('http')) asked.add(origin)
  })

  await beginToPlay(page, demo)
  await tryAt(page, '#move-1')
  await page.click('#to-desk')
  await page.waitForSelector('[data-status="live"]')

  assert.deepEqual([...asked].sort(), [demo.origin, new URL(demo.world.rpc).origin].sort())
})
