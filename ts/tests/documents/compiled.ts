import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { path } from '../repository.js'

/** Compiles an example as strictly as the package, and loads it. */
export async function compiled(name: string, example: string) {
  const folder = path(`ts/build/readme/${name}`)
  mkdirSync(folder, { recursive: true })
  writeFileSync(`${folder}/example.ts`, example)
  const config = {
    extends: '../../../tsconfig.json',
    compilerOptions: { declaration: false, rootDir: '.', outDir: '.' },
    include: [],
    files: ['example.ts'],
  }
  writeFileSync(`${folder}/tsconfig.json`, JSON.stringify(config))
  const tsc = path('ts/node_modules/typescript/bin/tsc')
  try {
    execFileSync(process.execPath, [tsc, '-p', folder], { encoding: 'utf8' })
  } catch (error) {
    assert.fail((error as { stdout: string }).stdout)
  }
  return import(`${folder}/example.js`)
}
