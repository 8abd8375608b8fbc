import assert from 'node:assert/strict'
import test from 'node:test'
import type { Session } from 'smart-session'
import { type Disclosure, packSession, unpackSession } from 'smart-session/format'
import { SESSION_TYPES } from 'smart-session/owner'
import { type Hex, concat, getAddress, hashStruct, keccak256 } from 'viem'
import { ALICE, game, rich } from '../sessions.js'

const hashOf = (primaryType: 'Chain' | 'Permission' | 'SigningScope', data: unknown) =>
  hashStruct({ types: SESSION_TYPES, primaryType, data: data as never })

/** The game session, written out by hand. */
const GAME_BYTES = concat([
  '0x01',
  '0x01',
  '0x02a4b1',
  '0x00', // one chain, in full: 42161, epoch 0
  `0x${'de'.repeat(20)}`,
  '0x00', // the delegate, secp256k1
  '0x00006553f100',
  '0x000065540d20', // the window
  '0x0164', // 100 calls
  '0x072386f26fc10000', // 0.01 ETH of gas
  '0x00', // no paymaster
  '0x01',
  '0x01',
  `0x${'9a'.repeat(20)}`,
  '0x1a2b3c4d',
  '0x072386f26fc10000',
  '0x00',
  '0x00', // no budgets
  '0x00', // no signing scopes
  '0x0107', // salt
])

test('the game session packs to its bytes', () => {
  assert.equal(packSession(game), GAME_BYTES)
})

test('what is not disclosed travels as its struct hash', () => {
  const { chains, permissions, signing } = rich
  const packed = packSession(rich, { chainId: 42161n, permissions: [0], signing: [] })

  assert.ok(packed.startsWith(concat(['0x02', '0x01', '0x02a4b1', '0x08ffffffffffffffff'])))
  assert.ok(packed.includes(concat(['0x00', hashOf('Chain', chains[1])]).slice(2)))
  assert.ok(packed.includes(concat(['0x00', hashOf('Permission', permissions[1])]).slice(2)))
  const list = keccak256(hashOf('SigningScope', signing[0]))
  assert.ok(packed.endsWith(concat(['0xff', list, '0x08ffffffffffffffff']).slice(2)))
})

test('an empty list travels as an empty list, never as a hash', () => {
  assert.equal(packSession(game, { signing: [], permissions: [0] }), GAME_BYTES)
})

test('addresses pack alike in any writing', () => {
  const written: Session = { ...game, delegate: getAddress(game.delegate) }

  assert.equal(packSession(written), GAME_BYTES)
})

test('packed_sessions_roundtrip', () => {
  for (const session of [game, rich, { ...game, paymaster: `0x${'ff'.repeat(20)}` as const }]) {
    const read = unpackSession(ALICE, packSession(session))

    assert.equal(packSession(read), packSession(session))
    assert.deepEqual(lower(read), lower(session))
  }
})

test('only what the session has can be disclosed', () => {
  const refused = (disclosure: Disclosure, code: string) =>
    assert.throws(() => packSession(rich, disclosure), { name: 'SessionRefused', code })

  refused({ chainId: 1n }, 'ChainNotListed')
  refused({ permissions: [3] }, 'UnknownPermission')
  refused({ permissions: [-1] }, 'UnknownPermission')
  refused({ signing: [0, 1] }, 'UnknownPermission')
})

test('bytes that are no canonical whole session are refused', () => {
  const refused = (packed: Hex, code: string) =>
    assert.throws(() => unpackSession(ALICE, packed), { name: 'SessionRefused', code })
  const swap = (from: string, to: string) => GAME_BYTES.replace(from, to) as Hex

  refused(GAME_BYTES.slice(0, -2) as Hex, 'Truncated')
  refused(concat([GAME_BYTES, '0x00']), 'TrailingBytes')
  refused(swap('0101', '0111'), 'UnknownTag')
  refused(swap('0101', '1101'), 'TooMany')
  refused(swap('02a4b1', '0300a4b1'), 'NonCanonicalNumber')
  refused(swap('0164', '050000000164'), 'NumberTooWide')
  refused(swap(`${'de'.repeat(20)}00`, `${'de'.repeat(20)}03`), 'UnknownDelegateKind')
  refused(swap('65540d20', '6553f100'), 'RefusedWindow')
  refused(swap('00006553f100', '80006553f100'), 'NumberTooWide')
  for (const reserved of ['00', 'ff']) {
    const named = swap('c10000000101', `c1000001${reserved.repeat(20)}0101`)
    refused(named, 'ReservedPaymaster')
  }
  refused(packSession(rich, { chainId: 42161n }), 'HiddenPart')
  refused(packSession(rich, { permissions: [] }), 'HiddenPart')
  refused(packSession(rich, { permissions: [0] }), 'HiddenPart')
})

test('every cut-off of a packed session is refused', () => {
  const packed = packSession(rich)
  for (let end = 2; end < packed.length; end += 2) {
    assert.throws(() => unpackSession(ALICE, packed.slice(0, end) as Hex), {
      name: 'SessionRefused',
    })
  }
})

/** A session with its hex in lower case. */
function lower(session: Session): unknown {
  return JSON.parse(
    JSON.stringify(session, (_, value) =>
      typeof value === 'bigint' ? `${value}` : value,
    ).toLowerCase(),
  )
}
