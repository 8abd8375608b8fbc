import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import test from 'node:test'
import { gzipSync } from 'node:zlib'
import { path, repository } from '../repository.js'

const esbuild = 'ts/node_modules/esbuild'
const skip = existsSync(repository(esbuild)) ? false : `${esbuild} is missing: npm ci --prefix ts`

type Bundle = {
  outputFiles: { path: string; contents: Uint8Array }[]
  metafile: {
    outputs: Record<string, { imports: { path: string; kind: string; external?: boolean }[] }>
  }
}

/** Bytes, minified and compressed, without viem: what a page loads at once, and all of it. */
async function sizeOf(contents: string): Promise<{ atOnce: number; inAll: number }> {
  const { build } = createRequire(import.meta.url)(path(esbuild)) as {
    build: (options: object) => Promise<Bundle>
  }
  const { outputFiles, metafile } = await build({
    stdin: { contents, resolveDir: path('ts/dist') },
    absWorkingDir: path('ts'),
    outdir: 'out',
    bundle: true,
    splitting: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    external: ['viem', 'viem/*'],
    write: false,
    metafile: true,
  })
  const bytes = (name: string) => {
    const file = outputFiles.find((output) => output.path.endsWith(name))
    assert.ok(file, name)
    return gzipSync(file.contents, { level: 9 }).length
  }
  const names = Object.keys(metafile.outputs)
  const atOnce = new Set(names.filter((name) => name.endsWith('stdin.js')))
  for (const name of atOnce) {
    for (const { path: imported, kind, external } of metafile.outputs[name]!.imports) {
      if (kind === 'import-statement' && !external) atOnce.add(imported)
    }
  }
  const sum = (some: Iterable<string>) => [...some].reduce((all, name) => all + bytes(name), 0)
  return { atOnce: sum(atOnce), inAll: sum(names) }
}

test('a page that acts loads at most 11 kB of this package at once', { skip }, async () => {
  const { atOnce } = await sizeOf("export * from './client/createSessionClient.js'")

  assert.ok(atOnce <= 11_000, `${atOnce} bytes`)
})

test('a page that only reads loads what it reads with', { skip }, async () => {
  const { atOnce } = await sizeOf("export * from './actions/readSession.js'")

  assert.ok(atOnce <= 5_000, `${atOnce} bytes`)
})

test('all of the package is at most 34 kB', { skip }, async () => {
  const { inAll } = await sizeOf("export * from './index.js'")

  assert.ok(inAll <= 34_000, `${inAll} bytes`)
})
