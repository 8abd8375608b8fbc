// The demonstration as a newcomer starts it: one command, that leaves nothing behind.

import assert from 'node:assert/strict'
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, readdirSync, readlinkSync } from 'node:fs'
import { createServer } from 'node:net'
import { createInterface } from 'node:readline'
import { type TestContext, test } from 'node:test'
import type * as FreePort from '../../tests/fixtures/free-port.mjs'
import {
  WORLD,
  addAuthenticator,
  beginToPlay,
  missing,
  openPage,
  path,
  startBrowser,
  tryAt,
} from './stage.js'

const { freePort }: typeof FreePort = await import(path('tests/fixtures/free-port.mjs'))

/** Milliseconds that the command may take: it looks at what is built, and builds what is not. */
const START = 15 * 60_000
/** Milliseconds until the server has started the chain. */
const LONGEST_EARLY = 30_000

/** Runs the command; it ends with the test at the latest. */
function startCommand(t: TestContext, port: number): ChildProcess & { told: string[] } {
  // A group of its own: what it builds with ends with it too.
  const terms = { cwd: path('.'), detached: true }
  const command = spawn(path('scripts/demo'), ['--web', '--port', `${port}`], terms)
  const told: string[] = []
  t.after(() => command.exitCode ?? command.signalCode ?? process.kill(-command.pid!, 'SIGTERM'))
  for (const stream of [command.stdout, command.stderr]) {
    createInterface({ input: stream }).on('line', (line) => told.push(line))
  }
  return Object.assign(command, { told })
}

/** Waits for the link that the command prints. */
async function linkFrom(command: ReturnType<typeof startCommand>): Promise<string> {
  const deadline = Date.now() + START
  for (;;) {
    const link = command.told.map((line) => /^Open (\S+)$/.exec(line)?.[1]).find(Boolean)
    if (link !== undefined) return link
    const tail = command.told.slice(-5).join('\n')
    assert.equal(command.exitCode, null, `it has ended: ${tail}`)
    assert.ok(Date.now() < deadline, `no link in ${START / 60_000} minutes: ${tail}`)
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}

/** A process and all that it has started, by `/proc`. */
function family(pid: number): number[] {
  const parents = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((name) => [Number(name), parentOf(Number(name))] as const)
  const found = [pid]
  for (const one of found) {
    found.push(...parents.filter(([, parent]) => parent === one).map(([child]) => child))
  }
  return found
}

function parentOf(pid: number): number | undefined {
  try {
    // "pid (name) state parent …": a name may hold anything.
    return Number(readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ')[1])
  } catch {
    // It has ended meanwhile.
    return undefined
  }
}

/** Where processes listen, as the kernel writes it: address and port in hex. */
function listening(pids: readonly number[]): string[] {
  const sockets = new Set(
    pids.flatMap((pid) =>
      readdirSync(`/proc/${pid}/fd`).map((fd) => {
        try {
          return /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${fd}`))?.[1]
        } catch {
          return undefined
        }
      }),
    ),
  )
  return ['tcp', 'tcp6'].flatMap((family) =>
    readFileSync(`/proc/net/${family}`, 'utf8')
      .split('\n')
      .map((line) => line.trim().split(/\s+/))
      // 0A is LISTEN.
      .filter((fields) => fields[3] === '0A' && sockets.has(fields[9] ?? ''))
      .map((fields) => fields[1] ?? ''),
  )
}

const isAlive = (pid: number): boolean => parentOf(pid) !== undefined

const skip =
  missing || (process.platform === 'linux' ? false : 'what listens is read from /proc, as on Linux')

test('scripts/demo --web is played, and leaves nothing behind', { skip }, async (t) => {
  const port = await freePort()
  const command = startCommand(t, port)
  const link = await linkFrom(command)
  assert.equal(link, `http://localhost:${port}/#/game`)

  const page = await openPage(await (await startBrowser(t)).newContext())
  await addAuthenticator(page)
  await page.goto(link)
  await beginToPlay(page, { origin: new URL(link).origin }, '#make-passkey')
  assert.match((await tryAt(page, '#move-1')).text, /^Mined/)
  assert.deepEqual(page.complaints, [])

  const pids = family(command.pid!)
  assert.equal(pids.length, 2, 'the page’s server and the chain')
  const places = listening(pids)
  // 127.0.0.1, its bytes in the machine's order: the page and the chain, and nothing else.
  const here = places.filter((place) => ['0100007F', '7F000001'].includes(place.split(':')[0]!))
  assert.equal(here.length, 2, places.join(' '))
  assert.deepEqual(places, here)
  assert.ok(places.some((place) => Number.parseInt(place.split(':')[1]!, 16) === port))

  command.kill('SIGINT')
  const [status] = await once(command, 'exit')
  assert.equal(status, 0)
  assert.deepEqual(pids.filter(isAlive), [])
  await assert.rejects(fetch(`http://127.0.0.1:${port}/`))
})

test('scripts/demo --web that is interrupted early leaves no chain', { skip }, async (t) => {
  const command = spawn('node', [path('web/demo.mjs'), WORLD], { cwd: path('.') })
  t.after(() => command.exitCode ?? command.signalCode ?? command.kill('SIGKILL'))
  const deadline = Date.now() + LONGEST_EARLY
  let pids: number[] = []
  while (pids.length < 2) {
    assert.equal(command.exitCode, null, 'it has ended without a chain')
    assert.ok(Date.now() < deadline, `no chain in ${LONGEST_EARLY / 1_000} seconds`)
    await new Promise((resolve) => setTimeout(resolve, 5))
    pids = family(command.pid!)
  }

  command.kill('SIGTERM')

  await once(command, 'exit')
  assert.deepEqual(pids.filter(isAlive), [])
})

test('a port that is taken is told, with what to do', { skip }, async (t) => {
  const taken = createServer().listen(0, '127.0.0.1')
  await once(taken, 'listening')
  t.after(() => taken.close())
  const { port } = taken.address() as { port: number }

  const parts = [path('web/demo.mjs'), WORLD, '--port', `${port}`]
  const { status, stderr } = spawnSync('node', parts, { encoding: 'utf8' })

  assert.equal(status, 1)
  assert.deepEqual(stderr.trim().split('\n'), [
    `demo: port ${port} cannot be taken (EADDRINUSE)`,
    '  do: name another one with --port, or leave it out',
  ])
})
