import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import test from 'node:test'
import { read, repository } from '../repository.js'
import { weigh } from './weight.js'

const missing = ['esbuild', '@rollup/wasm-node']
  .map((name) => `ts/node_modules/${name}`)
  .find((folder) => !existsSync(repository(folder)))
const skip = missing === undefined ? false : `${missing} is missing: npm ci --prefix ts`

/** The files of the entries, by their names. */
const ENTRIES = Object.fromEntries(
  Object.entries(
    JSON.parse(read('ts/package.json')).exports as Record<string, { import: string }>,
  ).map(([entry, file]) => [
    entry.replace('.', 'smart-session'),
    file.import.replace('./dist/', ''),
  ]),
)
/** What a page may load at once, in kB: docs/design.md says why a bound is for an entry. */
const BOUNDS: { [what: string]: [contents: string, kilobytes: number] } = {
  "all of a delegate's page": ["export * from 'index.js'", 16],
  'acting by operations': ["export { createSessionClient, secp256k1Delegate } from 'index.js'", 11],
  'reading alone': ["export { readSession } from 'index.js'", 2],
  "all of an owner's page": ["export * from 'owner.js'", 18.5],
  'listing and ending sessions': [
    "export { listSessions, revokeCall, relayRevokeCall } from 'owner.js'",
    3.5,
  ],
  'the whole package': [
    Object.values(ENTRIES)
      .map((file) => `export * from '${file}'`)
      .join('\n'),
    51.5,
  ],
}

for (const [what, [contents, kilobytes]] of Object.entries(BOUNDS)) {
  test(`${what} loads at most ${kilobytes} kB at once`, { skip }, async (context) => {
    const { atOnce, inAll } = await weigh(contents)

    context.diagnostic(`${what}: ${atOnce} bytes at once, ${inAll} in all`)
    assert.ok(atOnce <= 1_000 * kilobytes, `${atOnce} bytes, at most ${kilobytes} kB are allowed`)
  })
}

test('each entry weighs what the README says', { skip }, async (context) => {
  const rows = /^\| `(smart-session\S*)` \| .+ \| ([\d.]+) kB(?:, ([\d.]+) kB in all)? \|$/gm
  const said = [...read('ts/README.md').matchAll(rows)]

  assert.deepEqual(
    said.map(([, entry]) => entry),
    Object.keys(ENTRIES),
  )
  for (const [, entry, atOnce, inAll] of said) {
    const weight = await weigh(`export * from '${ENTRIES[entry!]!}'`)
    context.diagnostic(`${entry}: ${weight.atOnce} bytes at once, ${weight.inAll} in all`)
    const stated = { atOnce: Number(atOnce), inAll: Number(inAll ?? atOnce) }
    for (const part of ['atOnce', 'inAll'] as const) {
      const isSo = Math.abs(weight[part] / 1_000 - stated[part]) <= 0.5
      assert.ok(isSo, `${entry} ${part}: ${weight[part]} bytes, the README says ${stated[part]} kB`)
    }
  }
})
