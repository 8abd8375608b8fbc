import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import { posix } from 'node:path'
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

/** What a file imports of its own folder of sources, types and what is loaded later too. */
function importsOf(file: string): string[] {
  const named = read(file).matchAll(/(?:from|import\() ?'(\.[^']+)'/g)
  return [...named].map(([, other]) =>
    posix.join(posix.dirname(file), other!.replace(/\.js$/, '.ts')),
  )
}

/** Files that import each other, at whatever distance. */
function circles(folder: string): string[][] {
  const names = readdirSync(repository(folder), { recursive: true, encoding: 'utf8' })
  const files = names.filter((name) => name.endsWith('.ts')).map((name) => folder + name)
  const found: string[][] = []
  const done = new Set<string>()
  const visit = (file: string, path: readonly string[]) => {
    if (path.includes(file)) found.push([...path.slice(path.indexOf(file)), file])
    if (path.includes(file) || done.has(file)) return
    for (const other of importsOf(file)) if (files.includes(other)) visit(other, [...path, file])
    done.add(file)
  }
  for (const file of files) visit(file, [])
  assert.ok(files.length > 20, folder)
  return found
}

test('no file of the package or of the page imports itself by way of others', () => {
  for (const folder of ['ts/src/', 'web/src/']) assert.deepEqual(circles(folder), [], folder)
})
