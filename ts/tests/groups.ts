// Writes a file for each folder of tests, which runs all of them: the test runner starts a process
// for each file, and to load viem takes longer than most of the tests.

import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { path } from './repository.js'

const build = path('ts/build')
const folders = readdirSync(build, { withFileTypes: true }).filter((entry) => entry.isDirectory())
const groups = join(build, 'groups')

mkdirSync(groups)
for (const { name: folder } of folders) {
  const files = readdirSync(join(build, folder)).filter((name) => name.endsWith('.test.js'))
  if (files.length === 0) continue
  const imports = files.map((name) => `await import('../${folder}/${name}')\n`)
  writeFileSync(join(groups, `${folder}.test.js`), imports.join(''))
}
