import assert from 'node:assert/strict'
import test from 'node:test'
import { type Grant, type Session, NATIVE } from 'smart-session'
import { type Names, describeSession } from 'smart-session/owner'
import { getAddress } from 'viem'
import { GAME, MODULE, game, repeat } from '../sessions.js'

const token = repeat('70')
const TOKEN = getAddress(token)
const told = (change: Partial<Session>, names: Names = {}, grant: Partial<Grant> = {}) =>
  describeSession({ module: MODULE, session: { ...game, ...change }, ...grant }, names).map(
    ({ label, value }) => `${label}: ${value}`,
  )
const oneOf = (label: string, lines: string[]) =>
  lines.filter((line) => line.startsWith(`${label}: `)).map((line) => line.slice(label.length + 2))

test('all that a session grants is told, one line for each thing', () => {
  const grant = { accountKind: 'nexus', ownerSignature: '0x0e' } as const

  assert.deepEqual(told({}, {}, grant).slice(1), [
    `module: ${getAddress(MODULE)}`,
    `account: ${getAddress(game.account)} (nexus)`,
    'validator: not named',
    'chain: 42161 in epoch 0',
    `delegate: ${getAddress(game.delegate)} (secp256k1 key)`,
    'from: 2023-11-14T22:13:20Z (1700000000)',
    'expiry: 2023-11-15T00:13:20Z (1700007200)',
    'signed: yes',
    'calls: at most 100',
    'fees: at most 0.01 ETH',
    'paymaster: none: the account pays',
    `may call: function 0x1a2b3c4d of ${getAddress(GAME)}; up to 0.01 ETH a call; any arguments`,
    'salt: 7',
  ])
})

test('functions are told by name, and their words as values of their types', () => {
  const transfer = {
    target: token,
    selector: '0xa9059cbb',
    valueLimit: 0n,
    rules: [
      { index: 0, min: BigInt(repeat('b0')), max: BigInt(repeat('b0')) },
      { index: 1, min: 0n, max: 5n },
    ],
  } as const
  const functions = ['transfer(address to, uint amount)']
  const [named] = oneOf('may call', told({ permissions: [transfer] }, { functions }))
  const [bare] = oneOf('may call', told({ permissions: [transfer] }))
  const lie = { functions: ['play(address,uint256)'] }

  const start = `transfer(address,uint256) (0xa9059cbb) of ${TOKEN}; no ether`
  const receiver = getAddress(repeat('b0'))
  assert.equal(
    named,
    `${start}; argument 0 (address) is ${receiver}, argument 1 (uint256) is at most 5`,
  )
  assert.equal(
    bare,
    `function 0xa9059cbb of ${TOKEN}; no ether; ` +
      `argument 0 is ${repeat('b0')}, argument 1 is at most 5`,
  )
  assert.deepEqual(oneOf('may call', told({ permissions: [transfer] }, lie)), [bare])
})

test('budgets are told with their periods and what these come to', () => {
  const budgets = [
    { token: NATIVE, amount: 5n * 10n ** 16n, period: 0 },
    { token, amount: 12_500_000n, period: 3600 },
    { token, amount: 9n, period: 7000 },
  ]

  assert.deepEqual(oneOf('budget', told({ budgets }, { decimals: [undefined, 6] })), [
    'at most 0.05 ETH in all',
    `at most 12.5 of token ${TOKEN} (12500000 of its smallest unit) in each 1h: 2 times, ` +
      `25 of token ${TOKEN} (25000000 of its smallest unit) in all`,
    `at most 9 of the smallest unit of token ${TOKEN} in each 1h 56m 40s: 2 times, ` +
      `18 of the smallest unit of token ${TOKEN} in all`,
  ])
})

test('what is not bounded is told as such', () => {
  const rules = [
    { index: 0, min: 3n, max: 2n ** 256n - 1n },
    { index: 1, min: 0n, max: 2n ** 256n - 1n },
    { index: 2, min: 1n, max: 2n ** 200n },
  ]
  const lines = told({
    delegateKind: 2,
    maxCalls: 2 ** 32 - 1,
    feeLimit: 2n ** 96n - 1n,
    paymaster: '0xffffffffffffffffffffffffffffffffffffffff',
    permissions: [
      { target: GAME, selector: '0xffffffff', valueLimit: 1n, rules: [] },
      { target: GAME, selector: '0x00000000', valueLimit: 1n, rules: [] },
    ],
    signing: [
      { domainSeparator: `0x${'d0'.repeat(32)}`, typeHash: `0x${'7e'.repeat(32)}`, rules: [] },
      { domainSeparator: `0x${'d0'.repeat(32)}`, typeHash: `0x${'7e'.repeat(32)}`, rules },
    ],
  })
  const target = getAddress(GAME)
  const wei = '0.000000000000000001 ETH a call'
  const message = `messages of type 0x${'7e'.repeat(32)} in domain 0x${'d0'.repeat(32)}`

  assert.deepEqual(oneOf('calls', lines), ['uncounted'])
  assert.deepEqual(oneOf('fees', lines), ['uncounted'])
  assert.deepEqual(oneOf('paymaster', lines), ['any, or none'])
  assert.match(oneOf('delegate', lines)[0]!, /\(passkey\)$/)
  assert.deepEqual(oneOf('may call', lines), [
    `anything of ${target}; up to ${wei}; any arguments`,
    `no function of ${target}, a plain transfer; up to ${wei}`,
  ])
  assert.deepEqual(oneOf('may sign', lines), [
    `${message}; any words`,
    `${message}; word 0 is at least 3, word 1 is anything, ` +
      // 2^200: 50 zeros behind the one, in 64 digits.
      `word 2 is 1 to 0x${'0'.repeat(13)}1${'0'.repeat(50)}`,
  ])
  assert.deepEqual(oneOf('may call', told({ permissions: [] })), ['nothing'])
})
