import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import test from 'node:test'
import { read, repository } from '../repository.js'

/** The folders of the package: each knows only those before it. */
const LAYERS = [
  'abi',
  'errors',
  'session',
  'accounts',
  'from',
  'operation',
  'templates',
  'actions',
  'client',
]

test('a folder of the package imports from itself and those below it', () => {
  const folder = 'ts/src/'
  const files = readdirSync(repository(folder), { recursive: true, encoding: 'utf8' })
  const nested = files.filter((name) => name.includes('/') && name.endsWith('.ts'))

  for (const name of nested) {
    const [own] = name.split('/')
    const below = LAYERS.slice(0, LAYERS.indexOf(own!) + 1)
    for (const [, other] of read(folder + name).matchAll(/from '(?:\.\.\/)+(\w+)\/\w+\.js'/g)) {
      assert.ok(below.includes(other!), `${name} imports from ${other}`)
    }
  }
  assert.deepEqual(
    [...new Set(nested.map((name) => name.split('/')[0]))].sort(),
    [...LAYERS].sort(),
  )
})
