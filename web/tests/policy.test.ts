// What the content policy keeps out, as the browser applies it.

import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import { once } from 'node:events'
import { test } from 'node:test'
import { missing, setStage } from './stage.js'

test('the browser lets in nothing that the policy keeps out', { skip: missing }, async (t) => {
  const asked: string[] = []
  const elsewhere = createServer((request, response) => {
    asked.push(request.url ?? '')
    response.writeHead(200, { 'access-control-allow-origin': '*' }).end()
  }).listen(0, '127.0.0.1')
  await once(elsewhere, 'listening')
  t.after(() => elsewhere.close())
  const { port } = elsewhere.address() as { port: number }
  const { demo, page } = await setStage(t)
  await page.goto(demo.link)
  await page.waitForSelector('#make-key')

  const found = await page.evaluate(async (place) => {
    // What a debugger evaluates may evaluate text; what runs later may not.
    await new Promise((resolve) => setTimeout(resolve))
    const broken: string[] = []
    document.addEventListener('securitypolicyviolation', ({ effectiveDirective }) => {
      broken.push(effectiveDirective)
    })
    const refused: string[] = []
    const attempt = (name: string, act: () => unknown) => {
      try {
        act()
      } catch {
        refused.push(name)
      }
    }
    attempt('markup', () => (document.body.innerHTML = '<b>x</b>'))
    attempt('eval', () => (0, eval)('window.pwned = 1'))
    attempt('a function of text', () => new Function('window.pwned = 1')())
    attempt('a script of text', () => {
      const script = document.createElement('script')
      script.text = 'window.pwned = 1'
      document.body.append(script)
    })
    attempt('a handler of text', () => {
      const image = document.createElement('img')
      image.setAttribute('onerror', 'window.pwned = 1')
    })
    const add = (tag: string, attributes: Record<string, string>) => {
      const made = Object.assign(document.createElement(tag), attributes)
      document.body.append(made)
      return made
    }
    attempt('an image', () => add('img', { src: `${place}/image` }))
    attempt('a style', () => add('link', { rel: 'stylesheet', href: `${place}/style` }))
    attempt('a frame', () => add('iframe', { src: `${place}/frame` }))
    attempt('a form', () => (add('form', { action: `${place}/form` }) as HTMLFormElement).submit())
    attempt('a base', () => add('base', { href: `${place}/` }))
    // Over http there is this machine alone, where nodes are.
    await fetch('http://198.51.100.1/').catch(() => refused.push('a page elsewhere'))
    await new Promise((resolve) => setTimeout(resolve, 300))
    return { refused, broken: [...new Set(broken)].sort(), pwned: 'pwned' in window }
  }, `http://127.0.0.1:${port}`)

  assert.equal(found.pwned, false)
  assert.deepEqual(found.refused, [
    'markup',
    'eval',
    'a function of text',
    'a script of text',
    'a handler of text',
    'a page elsewhere',
  ])
  const parts = ['img-src', 'style-src-elem', 'frame-src', 'form-action', 'base-uri', 'connect-src']
  for (const part of parts) {
    assert.ok(found.broken.includes(part), `${part} of ${found.broken.join(' ')}`)
  }
  assert.deepEqual(asked, [], 'nothing was asked for')
})
