import assert from 'node:assert/strict'
import test from 'node:test'
import {
  type AccountKind,
  accountSignature,
  enableRoute,
  installContext,
  installData,
  nonceKey,
  packSession,
} from 'smart-session'
import { concat, numberToHex, size } from 'viem'
import { MODULE, game } from '../sessions.js'

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

test('install data is types, route, sessions', () => {
  const owner = `0x${'0a'.repeat(20)}` as const
  const packed = packSession(game)

  assert.equal(installData({ route: 'any' }), '0x010000')
  assert.equal(installData({ route: 'closed' }), '0x01ff00')
  assert.equal(
    installData({ route: enableRoute('nexus', owner), sessions: [game] }),
    concat(['0x0114', owner, '0x01', numberToHex(size(packed), { size: 2 }), packed]),
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

test('an ERC-1271 signature selects the module, each account in its way', () => {
  for (const kind of ['openzeppelin', 'msa', 'safe7579', 'nexus'] as const) {
    assert.equal(accountSignature(kind, MODULE, '0x0102'), `0x${V}0102`)
  }
  assert.equal(accountSignature('kernel', MODULE, '0x0102'), `0x01${V}0102`)
})

test('install data over its caps is refused', () => {
  const route = `0x${'00'.repeat(22)}` as const
  const sessions = Array.from({ length: 9 }, () => game)
  const rule = { index: 1, min: 2n ** 256n - 1n, max: 2n ** 256n - 1n }
  const permission = { ...game.permissions[0]!, rules: Array.from({ length: 16 }, () => rule) }
  const longest = { ...game, permissions: Array.from({ length: 64 }, () => permission) }

  assert.throws(() => installData({ route }), { code: 'RouteTooLong' })
  assert.throws(() => installData({ route: '0x' }), { code: 'RouteTooLong' })
  assert.throws(() => installData({ route: 'any', sessions }), { code: 'TooManySessions' })
  assert.throws(() => installData({ route: 'any', sessions: [longest] }), { code: 'TooMany' })
})

test('Kernel takes install data behind a hook and with a selector', () => {
  const data = installData({ route: 'any' })
  const word = (value: string) => value.padStart(64, '0')
  const bytes = (value: string, length: number) => word(`${length}`) + value.padEnd(64, '0')

  assert.equal(installContext('nexus', data), data)
  assert.equal(
    installContext('kernel', data),
    `0x${'00'.repeat(20)}${word('60')}${word('a0')}${word('c0')}` +
      bytes('010000', 3) +
      word('0') +
      bytes('e9ae5c53', 4),
  )
  assert.equal(
    installContext('kernel', data, 'executor'),
    `0x${'00'.repeat(20)}${word('40')}${word('80')}${bytes('010000', 3)}${word('0')}`,
  )
  // The byte for Kernel says that the hook is installed already.
  assert.equal(
    installContext('kernel', data, 'executor', `0x${'4b'.repeat(20)}`),
    `0x${'4b'.repeat(20)}${word('40')}${word('80')}${bytes('010000', 3)}${bytes('00', 1)}`,
  )
})
