import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import test from 'node:test'
import { read, repository } from '../repository.js'
import { type Weight, weigh } from './weight.js'

const missing = ['esbuild', '@rollup/wasm-node']
  .map((name) => `ts/node_modules/${name}`)
  .find((folder) => !existsSync(repository(folder)))
const skip = missing === undefined ? false : `${missing} is missing: npm ci --prefix ts`

const isAtMost = (bytes: number, kilobytes: number) =>
  assert.ok(bytes <= 1_000 * kilobytes, `${bytes} bytes, at most ${kilobytes} kB are allowed`)

test("all that a delegate's page can load at once is at most 16 kB", { skip }, async () => {
  const { atOnce } = await weigh("export * from 'index.js'")

  isAtMost(atOnce, 16)
})

test('a page that acts by operations loads at most 11 kB at once', { skip }, async () => {
  const names = 'createSessionClient, secp256k1Delegate'
  const { atOnce } = await weigh(`export { ${names} } from 'index.js'`)

  isAtMost(atOnce, 11)
})

test('a page that only reads loads what it reads with', { skip }, async () => {
  const { atOnce } = await weigh("export { readSession } from 'index.js'")

  isAtMost(atOnce, 4)
})

test('each entry weighs what the README says', { skip }, async () => {
  const entries = JSON.parse(read('ts/package.json')).exports as Record<string, { import: string }>
  const rows = /^\| `(smart-session\S*)` \| .+ \| ([\d.]+) kB(?:, ([\d.]+) kB in all)? \|$/gm
  const said = [...read('ts/README.md').matchAll(rows)]

  assert.deepEqual(
    said.map(([, entry]) => entry!.replace('smart-session', '.')),
    Object.keys(entries),
  )
  for (const [, entry, atOnce, inAll] of said) {
    const file = entries[entry!.replace('smart-session', '.')]!.import.replace('./dist/', '')
    const weight: Weight = await weigh(`export * from '${file}'`)
    const stated = { atOnce: Number(atOnce), inAll: Number(inAll ?? atOnce) }
    for (const part of ['atOnce', 'inAll'] as const) {
      const isSo = Math.abs(weight[part] / 1_000 - stated[part]) <= 0.5
      assert.ok(isSo, `${entry} ${part}: ${weight[part]} bytes, the README says ${stated[part]} kB`)
    }
  }
})
