// Serves the page of `vite build --mode demo` with a world to try it in: the embedded chain, and a
// sponsor that brings what delegates sign. Everything listens on 127.0.0.1 alone.
//
//   node demo.mjs WORLD [--port N]     WORLD is the program that serves the chain
//
// Prints the link when all is there; ends with the first signal, and ends the chain with it.

import { spawn } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { extname, join, normalize } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { answerSponsor, bring } from './sponsor.mjs'

const PAGE = fileURLToPath(new URL('dist-demo', import.meta.url))
const TYPES = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.json': 'application/json',
}

/** Starts it all.
 *
 * @returns the link, what is in the world, and what ends it. */
export async function startDemo(program, { port = 0, page = PAGE } = {}) {
  let world
  const server = createServer((request, response) => {
    serve(request, response).catch((error) => {
      response.writeHead(500).end(String(error))
    })
  })
  await new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })
  const origin = `http://localhost:${server.address().port}`

  const chain = spawn(program, ['--allow-origin', origin], { stdio: ['ignore', 'pipe', 'inherit'] })
  try {
    const { before, ...told } = JSON.parse(await firstLine(chain))
    world = told
    for (const data of before) await bring(world, { to: world.module, data })
  } catch (error) {
    await stop()
    throw error
  }

  async function serve(request, response) {
    // A page of another name for this machine is none of ours (DNS rebinding).
    if (!['localhost', '127.0.0.1'].includes(request.headers.host?.split(':')[0])) {
      return response.writeHead(403).end()
    }
    const { pathname } = new URL(request.url, origin)
    if (pathname === '/world.json') return json(response, world)
    if (pathname === '/sponsor') {
      if (request.method !== 'POST' || request.headers.origin !== origin) {
        return response.writeHead(403).end()
      }
      return json(response, await answerSponsor(world, await bodyOf(request)))
    }
    const file = normalize(pathname === '/' ? '/index.html' : decodeURIComponent(pathname))
    try {
      const bytes = await readFile(join(page, file))
      const type = TYPES[extname(file)] ?? 'application/octet-stream'
      response.writeHead(200, { 'content-type': type, 'x-content-type-options': 'nosniff' })
      response.end(bytes)
    } catch {
      response.writeHead(404).end()
    }
  }

  async function stop() {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
    const isOver = chain.pid === undefined || chain.exitCode !== null || chain.signalCode !== null
    if (isOver) return
    const ended = new Promise((resolve) => chain.once('exit', resolve))
    chain.kill('SIGTERM')
    await ended
  }
  return { link: `${origin}/#/game`, origin, world, chain, stop }
}

function firstLine(child) {
  return new Promise((resolve, reject) => {
    createInterface({ input: child.stdout }).once('line', resolve)
    child.once('error', reject)
    child.once('exit', (code) => reject(new Error(`the chain ended (${code})`)))
  })
}

async function bodyOf(request) {
  const parts = []
  let length = 0
  for await (const part of request) {
    length += part.length
    if (length > 100_000) throw new Error('too long')
    parts.push(part)
  }
  return JSON.parse(Buffer.concat(parts).toString())
}

function json(response, value) {
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(value))
}

/** Serves until a signal comes, or the chain ends by itself.
 *
 * @returns the exit status. */
async function serveUntilSignal(program, port) {
  const interrupted = new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => resolve(0))
  })
  const starting = startDemo(program, { port })
  // A signal may come before all is there: what has been started is ended too.
  const early = await Promise.race([interrupted, starting.then(() => undefined)])
  const { link, chain, stop } = await starting
  if (early === undefined) console.log(`Open ${link}\nEnd it with Ctrl-C.`)
  const ended = new Promise((resolve) => chain.once('exit', () => resolve(1)))
  const status = early ?? (await Promise.race([interrupted, ended]))
  if (status !== 0) console.error('demo: the chain has ended\n  do: start it again')
  await stop()
  return status
}

/** Returns the port that is named; `undefined` if it is none. 0 takes any that is free. */
const portIn = (text) => (/^\d{1,5}$/.test(text) && Number(text) < 65_536 ? Number(text) : undefined)

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [program, flag = '--port', text = '0', ...rest] = process.argv.slice(2)
  const port = portIn(text)
  if (program === undefined || flag !== '--port' || port === undefined || rest.length > 0) {
    console.error('usage: node demo.mjs WORLD [--port N]     N is 0 to 65535; 0 takes any that is free')
    process.exit(2)
  }
  try {
    process.exitCode = await serveUntilSignal(program, port)
  } catch (error) {
    const isTaken = error.code === 'EADDRINUSE' || error.code === 'EACCES'
    const what = isTaken ? `port ${port} cannot be taken (${error.code})` : error.message
    const remedy = isTaken ? 'name another one with --port, or leave it out' : 'see what is said above'
    console.error(`demo: ${what}\n  do: ${remedy}`)
    process.exit(1)
  }
}
