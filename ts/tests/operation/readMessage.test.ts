import assert from 'node:assert/strict'
import test from 'node:test'
import { messageHash, readMessage } from 'smart-session/format'
import { type TypedDataDefinition, hashTypedData, keccak256, toHex } from 'viem'
import { ALICE, GAME, repeat } from '../sessions.js'

const domain = {
  name: 'Ether Mail',
  version: '1',
  chainId: 1,
  verifyingContract: '0xCcCCccccCCCCcCCCCCCcCcCccCcCCCcCcccccccC',
} as const
/** The example of EIP-712. */
const mail: TypedDataDefinition = {
  domain,
  types: {
    Person: [
      { name: 'name', type: 'string' },
      { name: 'wallet', type: 'address' },
    ],
    Mail: [
      { name: 'from', type: 'Person' },
      { name: 'to', type: 'Person' },
      { name: 'contents', type: 'string' },
    ],
  },
  primaryType: 'Mail',
  message: {
    from: { name: 'Cow', wallet: '0xCD2a3d9F938E13CD947Ec05AbC7FE734Df8DD826' },
    to: { name: 'Bob', wallet: '0xbBbBBBBbbBBBbbbBbbBbbbbBBbBbbbbBbBbbBBbB' },
    contents: 'Hello, Bob!',
  },
}

test('the example of EIP-712 has the hashes that it states', () => {
  const message = readMessage(mail)

  assert.equal(
    message.domainSeparator,
    '0xf2cee375fa42b42143804025fc449deafd50cc031ca257e0b194a650a912090f',
  )
  assert.equal(
    message.typeHash,
    '0xa0cedeb2dc280ba39b857546d74f5549c3a1d7bdc2dd96bf881f76108e23dac2',
  )
  assert.deepEqual(message.words.slice(1), [
    '0xcd54f074a4af31b4411ff6a60c9719dbd559c221c8ac3492d9d872b041d703d1',
    '0xb5aadf3154a261abdd9086fc627b61efca26ae5702701d05cd2305f7c52a2fc8',
  ])
  assert.equal(
    messageHash(message),
    '0xbe609aee343fb3c4b28e1df9e632fca64fcfaede20f02e86244efddf30957bd2',
  )
})

test('every kind of field becomes the word that viem hashes', () => {
  const typedData: TypedDataDefinition = {
    domain: { ...domain, salt: `0x${'5a'.repeat(32)}` },
    types: {
      Leaf: [{ name: 'value', type: 'int8' }],
      Tree: [
        { name: 'leaf', type: 'Leaf' },
        { name: 'leaves', type: 'Leaf[]' },
        { name: 'grid', type: 'uint16[2][]' },
        { name: 'names', type: 'string[]' },
        { name: 'none', type: 'address[]' },
        { name: 'data', type: 'bytes' },
        { name: 'half', type: 'bytes16' },
        { name: 'owner', type: 'address' },
        { name: 'ripe', type: 'bool' },
      ],
    },
    primaryType: 'Tree',
    message: {
      leaf: { value: -1 },
      leaves: [{ value: 1 }, { value: 2 }],
      grid: [
        [1, 2],
        [3, 4],
      ],
      names: ['oak', ''],
      none: [],
      data: '0x010203',
      half: `0x${'ab'.repeat(16)}`,
      owner: ALICE,
      ripe: true,
    },
  }

  assert.equal(messageHash(readMessage(typedData)), hashTypedData(typedData))
  assert.equal(readMessage(typedData).words.length, 9)
})

test('a domain has the type that it is given, or that of its fields', () => {
  const permit: TypedDataDefinition = {
    domain: { name: 'Game', verifyingContract: GAME },
    types: { Move: [{ name: 'player', type: 'address' }] },
    primaryType: 'Move',
    message: { player: repeat('b0') },
  }
  const EIP712Domain = [{ name: 'name', type: 'string' }]
  const named = { ...permit, types: { ...permit.types, EIP712Domain } } as TypedDataDefinition

  assert.equal(messageHash(readMessage(permit)), hashTypedData(permit))
  assert.equal(messageHash(readMessage(named)), hashTypedData(named))
  assert.notEqual(readMessage(named).domainSeparator, readMessage(permit).domainSeparator)
  assert.equal(readMessage(permit).typeHash, keccak256(toHex('Move(address player)')))
})

test('typed data without its type is refused', () => {
  const nameless = { ...mail, types: {} } as TypedDataDefinition

  assert.throws(() => readMessage(nameless), { name: 'SessionRefused', code: 'MalformedMessage' })
})

test('missing and null fields of a domain are left out, as viem does', () => {
  const move = (domain: unknown) =>
    ({
      domain,
      types: { Move: [{ name: 'player', type: 'address' }] },
      primaryType: 'Move',
      message: { player: repeat('b0') },
    }) as TypedDataDefinition

  for (const domain of [
    undefined,
    {},
    { name: 'Game', version: null, chainId: null, salt: undefined },
    { name: '', chainId: 0 },
    { name: 'Game', chainId: '42161' },
  ]) {
    const typedData = move(domain)
    assert.equal(messageHash(readMessage(typedData)), hashTypedData(typedData))
  }
})

test('whatever is no typed data is refused, and nothing else is thrown', () => {
  const good = {
    domain: { name: 'Game' },
    types: {
      Move: [
        { name: 'player', type: 'Player' },
        { name: 'steps', type: 'uint8[2]' },
      ],
      Player: [{ name: 'wallet', type: 'address' }],
    },
    primaryType: 'Move',
    message: { player: { wallet: repeat('b0') }, steps: [1, 2] },
  }
  readMessage(good as never)

  for (const wrong of [
    undefined,
    null,
    {},
    'Move',
    { ...good, types: undefined },
    { ...good, types: null },
    { ...good, message: undefined },
    { ...good, message: null },
    { ...good, message: { steps: [1, 2] } },
    { ...good, message: { ...good.message, player: null } },
    { ...good, message: { ...good.message, player: { wallet: '0x12' } } },
    { ...good, message: { ...good.message, steps: 5 } },
    { ...good, message: { ...good.message, steps: [1, 256] } },
    { ...good, primaryType: 'toString' },
    { ...good, primaryType: undefined },
    { ...good, domain: 'Game' },
    { ...good, types: { ...good.types, Move: [{ name: 'a', type: 'uint7' }] } },
    { ...good, types: { ...good.types, Move: 'player' } },
  ]) {
    assert.throws(
      () => readMessage(wrong as never),
      { name: 'SessionRefused', code: 'MalformedMessage' },
      JSON.stringify(wrong),
    )
  }
})
