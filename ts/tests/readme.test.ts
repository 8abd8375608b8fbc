import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import test from 'node:test'
import { fileURLToPath } from 'node:url'
import { imagine } from './chain.js'
import { ALICE, GAME, MODULE } from './sessions.js'

const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url))

for (const [name, readme] of [
  ['package', '../README.md'],
  ['repository', '../../README.md'],
] as const) {
  test(`the example in the README of the ${name} compiles and sends an operation`, async () => {
    const text = readFileSync(path(readme), 'utf8')
    const examples = [...text.matchAll(/```ts\n(.*?)```/gs)]
    assert.equal(examples.length, 1)

    const { play } = await compiled(name, examples[0]![1]!)
    const { account, bundler, sent } = await imagine(ALICE)
    await play(account, bundler, MODULE, GAME)

    assert.ok(sent[0]!.signature.startsWith('0x01'), 'the first operation enables')
  })
}

/** Compiles an example as strictly as the package, and loads it. */
async function compiled(name: string, example: string) {
  const folder = path(`readme/${name}`)
  mkdirSync(folder, { recursive: true })
  writeFileSync(`${folder}/example.ts`, example)
  const config = {
    extends: '../../../tsconfig.json',
    compilerOptions: { declaration: false, rootDir: '.', outDir: '.' },
    include: [],
    files: ['example.ts'],
  }
  writeFileSync(`${folder}/tsconfig.json`, JSON.stringify(config))
  const tsc = path('../node_modules/typescript/bin/tsc')
  try {
    execFileSync(process.execPath, [tsc, '-p', folder], { encoding: 'utf8' })
  } catch (error) {
    assert.fail((error as { stdout: string }).stdout)
  }
  return import(`${folder}/example.js`)
}
