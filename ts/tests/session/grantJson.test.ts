import assert from 'node:assert/strict'
import test from 'node:test'
import { type Grant, NATIVE, UNCOUNTED_CALLS, sessionId } from 'smart-session'
import { grantFromJson, grantToJson } from 'smart-session/owner'
import { getAddress } from 'viem'
import { ALICE, GAME, MODULE, game, repeat, rich } from '../sessions.js'

const file = {
  module: getAddress(MODULE),
  account: getAddress(ALICE),
  chains: [{ chain: 42161, epoch: '0' }],
  delegate: getAddress(repeat('de')),
  from: '2023-11-14T22:13:20Z',
  expiry: '2023-11-15T00:13:20Z',
  maxCalls: 100,
  feeLimit: '0.01 ETH',
  paymaster: 'none',
  permissions: [{ target: getAddress(GAME), call: '0x1a2b3c4d', value: '0.01 ETH' }],
  salt: 7,
}

test('a session is written as the command line writes it', () => {
  assert.deepEqual(grantToJson({ module: MODULE, session: game }), file)
})

test('names and units that were read are written again', () => {
  const token = repeat('70')
  const whole = {
    ...file,
    accountKind: 'nexus',
    ownerValidator: getAddress(repeat('0a')),
    delegateKind: 'webauthn',
    permissions: [
      {
        target: getAddress(token),
        call: 'transfer(address,uint256)',
        rules: [
          { argument: 0, equals: getAddress(repeat('b0')) },
          { argument: 1, min: '0', max: '1000000' },
        ],
      },
      {
        target: getAddress(GAME),
        call: 'set(bytes4,int8)',
        rules: [
          { argument: 0, equals: '0x12345678' },
          { argument: 1, equals: '-5' },
        ],
      },
      { target: getAddress(GAME), call: 'plain transfer', value: '0.5 ETH' },
      { target: getAddress(GAME), call: 'any' },
    ],
    budgets: [
      { token: 'native', amount: '0.05 ETH' },
      { token: getAddress(token), amount: '12.5', decimals: 6, per: '1d' },
    ],
    signing: [{ domainSeparator: `0x${'d0'.repeat(32)}`, typeHash: `0x${'7e'.repeat(32)}` }],
    ownerSignature: '0x0e0e',
  }

  const { grant, names } = grantFromJson(whole)

  const { permissions, budgets } = grant.session
  assert.deepEqual(permissions[0]!.rules, [
    { index: 0, min: BigInt(repeat('b0')), max: BigInt(repeat('b0')) },
    { index: 1, min: 0n, max: 1_000_000n },
  ])
  // bytes4 stands at the left of its word, and −5 is two's complement.
  assert.equal(permissions[1]!.rules[0]!.min, 0x12345678n << 224n)
  assert.equal(permissions[1]!.rules[1]!.min, 2n ** 256n - 5n)
  assert.deepEqual(
    budgets.map(({ token, amount, period }) => [token.toLowerCase(), amount, period]),
    [
      [NATIVE.toLowerCase(), 50_000_000_000_000_000n, 0],
      [token, 12_500_000n, 86_400],
    ],
  )
  assert.deepEqual(grantToJson(grant, names), whole)
})

test('every session_roundtrips, an epoch as text', () => {
  const grants: Grant[] = [
    { module: MODULE, session: game },
    { module: MODULE, session: rich, accountKind: 'kernel', ownerSignature: '0x01' },
    { module: MODULE, session: { ...game, maxCalls: UNCOUNTED_CALLS } },
  ]
  for (const grant of grants) {
    const json = JSON.parse(JSON.stringify(grantToJson(grant)))
    assert.equal(typeof json.chains[0].epoch, 'string')

    const { grant: read } = grantFromJson(json)

    assert.equal(sessionId(read.session), sessionId(grant.session))
    assert.equal(read.ownerSignature, grant.ownerSignature)
  }
})

test('what people write is read as it is meant', () => {
  const id = (change: object) => sessionId(grantFromJson({ ...file, ...change }).grant.session)
  const same = sessionId(game)

  assert.equal(id({ from: game.validAfter, expiry: '2023-11-15T01:13:20+01:00' }), same)
  assert.equal(id({ from: '2023-11-14T22:13:20.000Z' }), same)
  assert.equal(id({ feeLimit: '10000000 gwei', salt: '0x7' }), same)
  assert.equal(
    id({ feeLimit: '10000000000000000 wei', chains: [{ chain: '0xa4b1', epoch: 0 }] }),
    same,
  )
  assert.equal(id({ account: ALICE.toLowerCase() }), same)
})

test('a bound that is left out is as far as the type goes', () => {
  const bounds = (rule: object, call: string) => {
    const permissions = [{ ...file.permissions[0]!, call, rules: [rule] }]
    const { rules } = grantFromJson({ ...file, permissions }).grant.session.permissions[0]!
    return [rules[0]!.min, rules[0]!.max]
  }

  assert.deepEqual(bounds({ argument: 0, min: 3 }, 'set(uint8)'), [3n, 255n])
  assert.deepEqual(bounds({ argument: 0, max: '3' }, 'set(uint8)'), [0n, 3n])
  assert.deepEqual(bounds({ argument: 0, min: 3 }, 'set(int8)'), [3n, 127n])
  assert.deepEqual(bounds({ argument: 0, min: 3 }, '0x1a2b3c4d'), [3n, 2n ** 256n - 1n])
  const least = 2n ** 256n - 5n
  assert.deepEqual(bounds({ argument: 0, min: -5, max: -1 }, 'set(int8)'), [least, least + 4n])
})

test('a field that cannot be read is named', () => {
  const permission = file.permissions[0]!
  const refused = (change: object, about: RegExp, code = 'MalformedGrant') =>
    assert.throws(() => grantFromJson({ ...file, ...change }), { code, message: about })

  for (const wrong of [null, [], 'session', 5]) {
    assert.throws(() => grantFromJson(wrong), { code: 'MalformedGrant' })
  }
  refused({ account: undefined }, /^account is missing/)
  refused({ account: '0xF00D00000000000000000000000000000000000f' }, /^account is .*checksum/)
  refused({ owner: 'alice' }, /owner/)
  refused({ from: 'yesterday' }, /^from is "yesterday"/)
  refused({ from: '2023-11-14T22:13:20.5Z' }, /^from/)
  refused({ maxCalls: 2 ** 32 - 1 }, /^maxCalls/)
  refused({ feeLimit: '79228162514264337593543950335 wei' }, /^feeLimit/)
  refused({ feeLimit: '0.01' }, /^feeLimit/)
  refused({ delegateKind: 'rsa' }, /^delegateKind/)
  refused({ chains: [{ chain: 1 }] }, /^chains\[0\]\.epoch is missing/)
  refused({ chains: [{ chain: 1, epoch: 2 ** 60 }] }, /epoch is .*as text/)
  refused(
    { permissions: [{ ...permission, call: 'move(' }] },
    /is no function/,
    'MalformedFunction',
  )
  refused({ permissions: [{ ...permission, call: '0x12' }] }, /permissions\[0\]\.call/)
  refused({ permissions: [{ ...permission, value: '1' }] }, /permissions\[0\]\.value/)
  const rules = (rule: object, call = 'set(bool,bytes4)') => ({
    permissions: [{ ...permission, call, rules: [rule] }],
  })
  refused(rules({ argument: 0, equals: 2 }), /rules\[0\]\.equals .*bool/)
  refused(rules({ argument: 1, equals: 305419896 }), /bytes4/)
  refused(rules({ argument: 0, equals: true, min: 1 }), /equals, or min and max/)
  refused(rules({ argument: 0 }), /equals, or min and max/)
  refused(rules({ argument: 0, min: false }), /a bound that leaves values out/)
  refused(rules({ argument: 0, min: -5, max: 5 }, 'set(int8)'), /both ends, of one sign/)
  refused(rules({ argument: 0, max: 5 }, 'set(int8)'), /both ends, of one sign/)
  refused(rules({ argument: 0, min: -5 }, 'set(int8)'), /both ends, of one sign/)
  refused(rules({ argument: 1, max: 2 ** 53 }, 'pay(address,uint256)'), /max .*as text past 2\^53/)
  const text = { argument: 1, max: '9007199254740993' }
  const { permissions } = grantFromJson({ ...file, ...rules(text, 'pay(address,uint256)') }).grant
    .session
  assert.equal(permissions[0]?.rules[0]?.max, 2n ** 53n + 1n)
  refused({ budgets: [{ token: 'native', amount: '5' }] }, /budgets\[0\]\.amount/)
  refused({ budgets: [{ token: GAME, amount: '1.5' }] }, /budgets\[0\]\.amount/)
  refused({ budgets: [{ token: GAME, amount: '1', per: '2 h' }] }, /budgets\[0\]\.per/)
})

test('what no text can be made of is refused like everything else', () => {
  const [permission] = file.permissions
  const odd = JSON.parse('{"toString":1,"valueOf":1}') as object
  const changes = [
    { permissions: [{ ...permission, value: odd }] },
    { permissions: [{ ...permission, call: 'set(int8)', rules: [{ argument: 0, equals: odd }] }] },
    { permissions: [{ ...permission, call: 'set(int8)', rules: [{ argument: 0, min: odd }] }] },
    { budgets: [{ token: GAME, amount: odd }] },
    { budgets: [{ token: GAME, amount: '1', per: odd }] },
  ]
  for (const change of changes) {
    assert.throws(() => grantFromJson({ ...file, ...change }), { name: 'SessionRefused' })
  }
})
