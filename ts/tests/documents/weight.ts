import { createRequire } from 'node:module'
import { gzipSync } from 'node:zlib'
import { path } from '../repository.js'

type Chunk = { fileName: string; code: string; imports: string[] }
type Rollup = {
  rollup: (options: object) => Promise<{
    generate: (options: object) => Promise<{ output: [Chunk, ...Chunk[]] }>
  }>
}
type Esbuild = { transform: (code: string, options: object) => Promise<{ code: string }> }

/** What a page loads of this package, in bytes. */
export type Weight = {
  /** What it loads at once. */
  atOnce: number
  /** With what is loaded when it is needed. */
  inAll: number
}

const ENTRY = 'entry'

/** Weighs a module: bundled as Vite does it, minified and compressed, without viem. */
export async function weigh(contents: string): Promise<Weight> {
  const required = createRequire(import.meta.url)
  const { rollup } = required(path('ts/node_modules/@rollup/wasm-node')) as Rollup
  const { transform } = required(path('ts/node_modules/esbuild')) as Esbuild
  const bundle = await rollup({
    input: ENTRY,
    external: [/^viem/],
    // As the package says itself.
    treeshake: { moduleSideEffects: false },
    plugins: [
      {
        name: 'entry',
        resolveId: (id: string, importer?: string) =>
          id === ENTRY ? id : importer === ENTRY ? path(`ts/dist/${id}`) : null,
        load: (id: string) => (id === ENTRY ? contents : null),
      },
    ],
  })
  const { output } = await bundle.generate({ format: 'es' })
  const sizes = new Map<string, number>()
  for (const { fileName, code } of output) {
    const { code: minified } = await transform(code, { minify: true, target: 'es2022' })
    sizes.set(fileName, gzipSync(minified, { level: 9 }).length)
  }
  const atOnce = new Set([output[0].fileName])
  for (const name of atOnce) {
    for (const imported of output.find(({ fileName }) => fileName === name)!.imports) {
      if (sizes.has(imported)) atOnce.add(imported)
    }
  }
  const sum = (names: Iterable<string>) =>
    [...names].reduce((all, name) => all + sizes.get(name)!, 0)
  return { atOnce: sum(atOnce), inAll: sum(sizes.keys()) }
}
