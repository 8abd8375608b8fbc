import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import test from 'node:test'
import { fileURLToPath } from 'node:url'
import { imagine } from './chain.js'
import { ALICE, GAME, MODULE } from './sessions.js'

const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url))

test('the example in the README compiles and sends an operation', async () => {
  const readme = readFileSync(path('../README.md'), 'utf8')
  const examples = [...readme.matchAll(/```ts\n(.*?)```/gs)]
  assert.equal(examples.length, 1)

  mkdirSync(path('readme'), { recursive: true })
  writeFileSync(path('readme/example.ts'), examples[0]![1]!)
  const compilerOptions = { declaration: false, rootDir: '.', outDir: '.' }
  const config = {
    extends: '../../tsconfig.json',
    compilerOptions,
    include: [],
    files: ['example.ts'],
  }
  writeFileSync(path('readme/tsconfig.json'), JSON.stringify(config))
  const tsc = path('../node_modules/typescript/bin/tsc')
  try {
    execFileSync(process.execPath, [tsc, '-p', path('readme')], { encoding: 'utf8' })
  } catch (error) {
    assert.fail((error as { stdout: string }).stdout)
  }
  const { play } = await import(path('readme/example.js'))
  const { account, bundler, sent } = await imagine(ALICE)
  await play(account, bundler, MODULE, GAME)

  assert.ok(sent[0]!.signature.startsWith('0x01'), 'the first operation enables')
})
