// The chain and the bundler as processes of their own, ended with the test.

import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Address, Hex } from 'viem'
import type * as Alto from '../../../tests/fixtures/alto/start.mjs'
import { path } from '../repository.js'

const alto: typeof Alto = await import(path('tests/fixtures/alto/start.mjs'))

const target = process.env['CARGO_TARGET_DIR'] ?? path('target')
/** What `scripts/build-wasm` builds. */
export const MODULE_WASM = join(target, 'wasm/smart_session.wasm')
const DEVCHAIN = join(target, 'debug/devchain')
/** The command line, which speaks for the Rust client. */
export const COMMAND_LINE = join(target, 'debug/session')

/** What is missing, and what brings it; `undefined` if all is there. */
export function missing({ withAlto }: { withAlto: boolean }): string | undefined {
  const needed: [file: string, remedy: string][] = [
    [DEVCHAIN, 'cargo build -p stylus-devchain'],
    [COMMAND_LINE, 'cargo build -p smart-session-cli'],
    [MODULE_WASM, 'scripts/build-wasm'],
    [path('tests/fixtures/build/Kernel.json'), 'scripts/setup --tests'],
  ]
  const first = needed.find(([file]) => !existsSync(file))
  if (first !== undefined) return `${first[0]} is missing: run ${first[1]}`
  return withAlto ? alto.missingAlto : undefined
}

/** A process with the address that it serves. */
export type Served = { url: string; stop: () => Promise<void> }

/** Starts the embedded chain, with room for Kernel's code. */
export async function startChain(): Promise<Served & { keys: Hex[] }> {
  const child = spawn(DEVCHAIN, ['serve', '--port', '0', '--no-code-size-limit'])
  const output = collect(child)
  await until('the accounts', child, output, () => output().split(' key 0x').length > 10)
  const keys = [...output().matchAll(/ key (0x[0-9a-f]{64})/g)].map(([, key]) => key as Hex)
  const [, url = ''] = /^listening at (\S+)$/m.exec(output()) ?? []
  return { url, keys, stop: () => end(child) }
}

/** Starts the alto bundler, in unsafe mode. */
export async function startBundler(
  chain: Served,
  entryPoint: Address,
  keys: { executor: Hex; utility: Hex },
): Promise<Served> {
  return alto.startAlto({ node: chain.url, entryPoint, keys })
}

function collect(child: ChildProcess): () => string {
  let text = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (data: Buffer) => {
      text += data.toString()
    })
  }
  return () => text
}

/** Waits up to a minute. */
async function until(
  what: string,
  child: ChildProcess,
  output: () => string,
  isReady: () => boolean | Promise<boolean>,
): Promise<void> {
  const deadline = Date.now() + 60_000
  while (!(await isReady())) {
    if (child.exitCode !== null || Date.now() > deadline) {
      child.kill()
      throw new Error(`${what} did not start:\n${output().slice(-2000)}`)
    }
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return
  const ended = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGKILL')
  await ended
}
