import assert from 'node:assert/strict'
import test from 'node:test'
import type { AccountKind } from 'smart-session'
import { nonceKey } from 'smart-session/format'
import { numberToHex } from 'viem'
import { MODULE } from '../sessions.js'

const V = '5e'.repeat(20)

test('nonce keys select the module, each account in its way', () => {
  const key = (kind: AccountKind, lane?: number) =>
    numberToHex(nonceKey(kind, MODULE, lane), { size: 24 })

  for (const kind of ['openzeppelin', 'msa', 'safe7579'] as const) {
    assert.equal(key(kind), `0x${V}00000000`)
    assert.equal(key(kind, 2 ** 32 - 1), `0x${V}ffffffff`)
  }
  assert.equal(key('nexus'), `0x00000000${V}`)
  assert.equal(key('nexus', 1), `0x00000100${V}`)
  assert.equal(key('kernel'), `0x0001${V}0000`)
  assert.equal(key('kernel', 258), `0x0001${V}0102`)
})

test('a lane that does not fit is refused', () => {
  const refused = (kind: AccountKind, lane: number) =>
    assert.throws(() => nonceKey(kind, MODULE, lane), { code: 'LaneTooWide' })

  refused('msa', 2 ** 32)
  refused('nexus', 2 ** 24)
  refused('kernel', 2 ** 16)
  refused('kernel', -1)
  refused('kernel', 0.5)
})
