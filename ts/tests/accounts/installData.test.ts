import assert from 'node:assert/strict'
import test from 'node:test'
import { packSession } from 'smart-session/format'
import { enableRoute, installData } from 'smart-session/owner'
import { concat, numberToHex, size } from 'viem'
import { game } from '../sessions.js'

test('install data is types, route, sessions', () => {
  const owner = `0x${'0a'.repeat(20)}` as const
  const packed = packSession(game)

  assert.equal(installData({ route: 'any' }), '0x010000')
  assert.equal(installData({ route: 'closed' }), '0x01ff00')
  assert.equal(
    installData({ route: enableRoute('nexus', owner), sessions: [game] }),
    concat(['0x0114', owner, '0x01', numberToHex(size(packed), { size: 4 }), packed]),
  )
  assert.equal(
    installData({ route: enableRoute('kernel', owner) }),
    concat(['0x011501', owner, '0x00']),
  )
})

test('install data says what the module is installed as', () => {
  assert.equal(installData({ as: 'executor', route: 'any' }), '0x020000')
  assert.equal(installData({ as: 'both', route: 'any' }), '0x030000')
})

test('install data over its caps is refused', () => {
  const route = `0x${'00'.repeat(22)}` as const
  const sessions = Array.from({ length: 9 }, () => game)

  assert.throws(() => installData({ route }), { code: 'RouteTooLong' })
  assert.throws(() => installData({ route: '0x' }), { code: 'RouteTooLong' })
  assert.throws(() => installData({ route: 'any', sessions }), { code: 'TooManySessions' })
})

test('the longest session that the format has fits into install data', () => {
  const rule = { index: 1, min: 2n ** 256n - 1n, max: 2n ** 256n - 1n }
  const permission = { ...game.permissions[0]!, rules: Array.from({ length: 16 }, () => rule) }
  const longest = { ...game, permissions: Array.from({ length: 64 }, () => permission) }
  const packed = packSession(longest)

  assert.ok(size(packed) > 65_535)
  assert.equal(
    installData({ route: 'any', sessions: [longest] }),
    concat(['0x010001', numberToHex(size(packed), { size: 4 }), packed]),
  )
})
