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
  const { before, ...told } = JSON.parse(await firstLine(chain))
  world = told
  for (const data of before) await bring(world, { to: world.module, data })

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
    if (chain.exitCode !== null || chain.signalCode !== null) return
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

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [program, flag, port] = process.argv.slice(2)
  if (program === undefined || (flag !== undefined && flag !== '--port')) {
    console.error('usage: node demo.mjs WORLD [--port N]')
    process.exit(2)
  }
  const { link, stop } = await startDemo(program, { port: Number(port ?? 0) })
  console.log(`Open ${link}\nEnd it with Ctrl-C.`)
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => void stop())
}
