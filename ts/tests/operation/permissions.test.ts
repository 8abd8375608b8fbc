import assert from 'node:assert/strict'
import test from 'node:test'
import { NATIVE, type Session, type SessionRefused } from 'smart-session'
import { packSession, smartSessionAbi } from 'smart-session/format'
import {
  type AnsweredRequest,
  delegationContext,
  permissionResponse,
  readDelegationContext,
  readPermissionResponse,
  redeemCall,
} from 'smart-session/permissions'
import {
  type Hex,
  concat,
  decodeFunctionData,
  encodeAbiParameters,
  getAddress,
  parseAbiParameters,
} from 'viem'
import { ALICE, GAME, MODULE, MOVE, game, repeat, rich } from '../sessions.js'

const BOB = repeat('b0')
const move = { to: GAME, data: MOVE, value: 5n }
const packed = packSession(game)

test('a context is account, mode, session, and the signature of the owner', () => {
  assert.equal(delegationContext({ session: game }), concat([ALICE, '0x00', packed]))
  assert.equal(
    delegationContext({ session: game, ownerSignature: '0x0e0e' }),
    concat([ALICE, '0x01', packed, '0x00020e0e']),
  )
  const shown = { chainId: 42161n, permissions: [0] }
  assert.equal(
    delegationContext({ session: rich }, shown),
    concat([ALICE, '0x00', packSession(rich, shown)]),
  )
})

test('contexts_roundtrip', () => {
  for (const session of [game, rich]) {
    for (const granted of [{ session }, { session, ownerSignature: '0x0e0e' as Hex }]) {
      const context = delegationContext(granted)
      const read = readDelegationContext(context)

      assert.equal(delegationContext(read), context)
      assert.equal(read.ownerSignature, 'ownerSignature' in granted ? '0x0e0e' : undefined)
    }
  }
})

test('bytes that are no context are refused', () => {
  const refused = (context: Hex, code: string) =>
    assert.throws(() => readDelegationContext(context), { name: 'SessionRefused', code })
  const whole = delegationContext({ session: game, ownerSignature: '0x0e0e' })

  refused('0x', 'MalformedContext')
  refused(ALICE, 'MalformedContext')
  refused(`${ALICE}000` as Hex, 'MalformedContext')
  refused(`${ALICE}00zz` as Hex, 'MalformedContext')
  refused(concat([ALICE, '0x02', packed]), 'MalformedContext')
  refused(concat([ALICE, '0x00']), 'MalformedContext')
  refused(concat([ALICE, '0x00', packed, '0x00']), 'MalformedContext')
  refused(concat([ALICE, '0x01', packed]), 'MalformedContext')
  refused(whole.slice(0, -2) as Hex, 'MalformedContext')
  refused(concat([whole, '0x00']), 'MalformedContext')
  refused(delegationContext({ session: rich }, { permissions: [0] }), 'HiddenPart')
})

test('contexts are redeemed by one call, each with its mode and calls', () => {
  const first = delegationContext({ session: game })
  const second = delegationContext({ session: game, ownerSignature: '0x0e0e' })

  const { to, data } = redeemCall(MODULE, [
    { context: first, calls: [move] },
    { context: second, calls: [move, move] },
  ])

  const { functionName, args } = decodeFunctionData({ abi: smartSessionAbi, data })
  assert.deepEqual([to, functionName], [MODULE, 'redeemDelegations'])
  const single = concat([GAME, `0x${'05'.padStart(64, '0')}`, MOVE])
  const execution = { target: GAME, value: 5n, callData: MOVE }
  const batch = encodeAbiParameters(
    parseAbiParameters('(address target, uint256 value, bytes callData)[]'),
    [[execution, execution]],
  )
  const none = '00'.repeat(31)
  assert.deepEqual(args, [
    [first, second],
    [`0x00${none}`, `0x01${none}`],
    [single, batch],
  ])
})

test('what no permission covers is not redeemed, where the context shows it', () => {
  const other = { to: BOB, value: 1n }
  const whole = delegationContext({ session: game })
  const hidden = delegationContext({ session: { ...rich, delegateKind: 0 } }, { permissions: [0] })
  const redeem = (context: Hex) => () => redeemCall(MODULE, [{ context, calls: [other] }])

  assert.throws(redeem(whole), { code: 'NotPermitted' })
  assert.throws(redeem(delegationContext({ session: rich })), { code: 'WrongKey' })
  assert.doesNotThrow(redeem(hidden))
  assert.throws(() => redeemCall(MODULE, []), { code: 'NoContext' })
})

const session: Session = {
  ...game,
  delegate: getAddress(BOB),
  permissions: [{ target: GAME, selector: '0x00000000', valueLimit: 7n, rules: [] }],
  budgets: [{ token: NATIVE, amount: 7n, period: 0 }],
}
const request: AnsweredRequest = {
  chainId: '0xa4b1',
  to: BOB,
  permission: {
    type: 'native-token-allowance',
    isAdjustmentAllowed: true,
    data: { allowance: '0x9', justification: 'a test' },
  },
  rules: [
    { type: 'payee', data: { addresses: [GAME, BOB] } },
    { type: 'expiry', data: { timestamp: 9_999_999_999 } },
    { type: 'redeemer', data: { addresses: [BOB] } },
  ],
}

test('a response is read as the session that it was made of', () => {
  const response = permissionResponse({ module: MODULE, session, ownerSignature: '0x0e' }, request)

  assert.equal(response.context, delegationContext({ session, ownerSignature: '0x0e' }))
  const read = readPermissionResponse(response, MODULE)
  assert.deepEqual([read.module, read.ownerSignature], [MODULE, '0x0e'])
  assert.equal(packSession(read.session), packSession(session))
})

test('a session for others than who asks is neither granted nor taken', () => {
  const grant = { module: MODULE, session }
  const refused = (change: Partial<AnsweredRequest>, code: string) =>
    assert.throws(() => permissionResponse(grant, { ...request, ...change }), { code })

  refused({ to: GAME }, 'WrongKey')
  refused({ from: BOB }, 'WrongAccount')
  refused({ chainId: 1 }, 'ChainNotListed')
  const passkey = { module: MODULE, session: { ...session, delegateKind: 2 } as const }
  assert.throws(() => permissionResponse(passkey, request), { code: 'WrongKey' })

  const response = permissionResponse(grant, request)
  const untaken = (change: object, code: string) =>
    assert.throws(() => readPermissionResponse({ ...response, ...change }, MODULE), { code })
  untaken({ delegationManager: BOB }, 'WrongModule')
  untaken({ dependencies: [{ factory: BOB, factoryData: '0x' }] }, 'NoEqual')
  untaken({ dependencies: { factory: BOB } }, 'NoEqual')
  untaken({ dependencies: '0x' }, 'NoEqual')
  untaken({ to: GAME }, 'WrongKey')
  untaken({ from: BOB }, 'WrongAccount')
  untaken({ chainId: '0x1' }, 'ChainNotListed')
  untaken({ context: '0x' }, 'MalformedContext')
  untaken({ context: undefined }, 'MalformedContext')
  untaken({ delegationManager: 'the module' }, 'MalformedAddress')
  untaken({ delegationManager: undefined }, 'MalformedAddress')
  untaken({ to: undefined }, 'MalformedAddress')
  untaken({ from: '0x12' }, 'MalformedAddress')
  untaken({ chainId: 'Arbitrum' }, 'NumberTooWide')
  untaken({ chainId: undefined }, 'NumberTooWide')
})

test('what is no address is told short, and in characters that are seen', () => {
  const wrong = [{ toString: 1, valueOf: 1 }, `\u202e${'a'.repeat(200)}`, null, 5]
  for (const delegationManager of wrong) {
    const read = () => readPermissionResponse({ delegationManager } as never, MODULE)
    assert.throws(read, ({ code, reason }: SessionRefused) => {
      assert.equal(code, 'MalformedAddress')
      assert.ok(reason.length < 140 && !reason.includes('\u202e'), reason)
      return true
    })
  }
})
