// A move by the bundler alto, which the page reaches itself.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { keccak256, stringToHex } from 'viem'
import type * as Alto from '../../tests/fixtures/alto/start.mjs'
import { beginToPlay, missing, movesOf, path, setStage, tryAt } from './stage.js'

const { startAlto, missingAlto }: typeof Alto = await import(path('tests/fixtures/alto/start.mjs'))
const skip = missing || (missingAlto ?? false)

/** The keys of the embedded chain's accounts, which everybody knows. */
const keyOf = (n: number) => keccak256(stringToHex(`devchain ${n}`))

for (const forPages of [true, false]) {
  const name = forPages
    ? 'a move by alto, which answers pages'
    : 'alto that does not answer pages is told as out of reach'
  test(name, { skip }, async (t) => {
    const { demo, page } = await setStage(t)
    const { rpc: node, entryPoint = '' } = demo.world
    const keys = { executor: keyOf(2), utility: keyOf(3) }
    const alto = await startAlto({ node, entryPoint, keys, forPages })
    t.after(() => alto.stop())
    await beginToPlay(page, demo, '#make-passkey')
    await page.click('#settings')
    await page.fill('#setting-bundler', alto.url)
    await page.click('#settings-keep')
    await page.waitForSelector('#board .pill')
    await page.click('#way-bundler')

    const { text, ms } = await tryAt(page, '#move-1')

    if (!forPages) {
      assert.match(text, /^Refused.* cannot be reached.*CORS/)
      assert.equal(await movesOf(demo), 0)
      return
    }
    assert.match(text, /^Mined/, alto.said().slice(-2000))
    assert.equal(await movesOf(demo), 1)
    t.diagnostic(`click to block by alto, enabling: ${ms} ms`)
    // The session's own refusals are told before alto is asked.
    await page.selectOption('#stake', '0.02')
    assert.equal((await tryAt(page, '#move-1')).code, 'NotPermitted')
    assert.deepEqual(page.complaints, [])
  })
}
