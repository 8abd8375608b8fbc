import assert from 'node:assert/strict'
import test from 'node:test'
import {
  ANY_CALL,
  ANY_PAYMASTER,
  NATIVE,
  PLAIN_TRANSFER,
  type Session,
  SessionRefused,
  UNCOUNTED_FEES,
  checkSession,
  moduleDomain,
  packSession,
  sessionId,
  sessionTypedData,
  sessionWarnings,
} from 'smart-session'
import { domainSeparator } from 'viem'
import { ALICE, GAME, MODULE, game, repeat, rich } from '../sessions.js'

const rule = { index: 0, min: 0n, max: 1n }
const permission = game.permissions[0]!
const scope = rich.signing[0]!
const times = <T>(count: number, item: T): T[] => Array.from({ length: count }, () => item)

test('a session that holds together can be signed', () => {
  for (const session of [game, rich]) {
    checkSession(session, MODULE)
    sessionTypedData(MODULE, session)
  }
})

test('what does not fit has neither id nor packed form', () => {
  const refused = (change: Partial<Session>, code: string, about: string) => {
    const session = { ...game, ...change }
    for (const make of [packSession, sessionId]) {
      assert.throws(
        () => make(session),
        (error) =>
          error instanceof SessionRefused && error.code === code && error.reason.startsWith(about),
        about,
      )
    }
  }

  refused({ chains: times(17, game.chains[0]!) }, 'TooMany', 'chains has 17 entries')
  refused({ permissions: times(65, permission) }, 'TooMany', 'permissions has 65')
  refused({ budgets: times(17, rich.budgets[0]!) }, 'TooMany', 'budgets has 17')
  refused({ signing: times(17, scope) }, 'TooMany', 'signing has 17')
  refused(
    { permissions: [permission, { ...permission, rules: times(17, rule) }] },
    'TooMany',
    'permissions[1].rules has 17',
  )
  refused({ signing: [{ ...scope, rules: times(17, rule) }] }, 'TooMany', 'signing[0].rules')
  refused({ feeLimit: 2n ** 96n }, 'NumberTooWide', 'feeLimit')
  refused({ feeLimit: -1n }, 'NumberTooWide', 'feeLimit')
  refused({ maxCalls: 2 ** 32 }, 'NumberTooWide', 'maxCalls')
  refused({ maxCalls: 1.5 }, 'NumberTooWide', 'maxCalls')
  refused({ maxCalls: Number.NaN }, 'NumberTooWide', 'maxCalls')
  refused({ salt: 2n ** 64n }, 'NumberTooWide', 'salt')
  refused({ validUntil: 2 ** 47 }, 'NumberTooWide', 'validUntil')
  refused({ validAfter: -1 }, 'NumberTooWide', 'validAfter')
  refused({ chains: [{ chainId: 2n ** 256n, epoch: 0n }] }, 'NumberTooWide', 'chains[0].chainId')
  refused({ chains: [{ chainId: 1n, epoch: 2n ** 64n }] }, 'NumberTooWide', 'chains[0].epoch')
  refused(
    { budgets: [{ token: GAME, amount: 2n ** 128n, period: 0 }] },
    'NumberTooWide',
    'budgets[0].amount',
  )
  refused(
    { budgets: [{ token: GAME, amount: 1n, period: 2 ** 32 }] },
    'NumberTooWide',
    'budgets[0].period',
  )
  refused(
    { permissions: [{ ...permission, valueLimit: 2n ** 256n }] },
    'NumberTooWide',
    'permissions[0].valueLimit',
  )
  refused(
    { permissions: [{ ...permission, rules: [{ ...rule, index: 256 }] }] },
    'NumberTooWide',
    'permissions[0].rules[0].index',
  )
  refused({ delegateKind: 3 as never }, 'UnknownDelegateKind', 'delegateKind is 3')
  refused({ delegate: '0x12' }, 'MalformedAddress', 'delegate is 0x12')
  refused(
    { permissions: [{ ...permission, selector: '0x1a2b3c' }] },
    'MalformedBytes',
    'permissions[0].selector',
  )
  refused({ signing: [{ ...scope, typeHash: '0x12' }] }, 'MalformedBytes', 'signing[0].typeHash')
})

test('what the module would never enable is not given to a wallet', () => {
  const refused = (change: Partial<Session>, code: string) => {
    const session = { ...game, ...change }
    sessionId(session)
    assert.throws(() => sessionTypedData(MODULE, session), { name: 'SessionRefused', code }, code)
  }
  const budget = { token: GAME, amount: 5n, period: 0 }

  for (const delegate of [repeat('00'), ALICE, MODULE]) refused({ delegate }, 'RefusedDelegate')
  const own = domainSeparator({ domain: moduleDomain(MODULE) })
  refused({ signing: [{ ...scope, domainSeparator: own }] }, 'BannedDomain')
  refused({ signing: [{ ...scope, rules: [{ index: 0, min: 2n, max: 1n }] }] }, 'EmptyRule')
  refused({ validUntil: game.validAfter }, 'RefusedWindow')
  refused({ validAfter: 0, validUntil: 0 }, 'RefusedWindow')
  refused({ maxCalls: 0 }, 'RefusedMaxCalls')
  refused({ feeLimit: UNCOUNTED_FEES }, 'FeesUncounted')
  refused({ feeLimit: UNCOUNTED_FEES, paymaster: ANY_PAYMASTER }, 'FeesUncounted')
  refused({ chains: [] }, 'NoChain')
  refused({ chains: times(2, game.chains[0]!) }, 'DuplicateChain')
  const banned = [
    repeat('00'),
    ALICE,
    MODULE,
    '0x0000000071727De22E5E9d8BAf0edAc6f37da032',
  ] as const
  for (const target of banned) refused({ permissions: [{ ...permission, target }] }, 'BannedTarget')
  for (const selector of [ANY_CALL, PLAIN_TRANSFER, '0xFFFFFFFF'] as const) {
    refused({ permissions: [{ ...permission, selector, rules: [rule] }] }, 'RulesWithoutSelector')
  }
  refused(
    { permissions: [{ ...permission, rules: [{ index: 0, min: 2n, max: 1n }] }] },
    'EmptyRule',
  )
  refused({ budgets: [{ ...budget, amount: 0n }] }, 'RefusedBudget')
  refused({ budgets: [{ ...budget, period: 59 }] }, 'RefusedBudget')
  for (const token of [repeat('00'), ALICE, MODULE])
    refused({ budgets: [{ ...budget, token }] }, 'RefusedBudget')
  refused({ budgets: [{ token: NATIVE, amount: 2n ** 96n, period: 0 }] }, 'RefusedBudget')
  refused({ budgets: [budget, { ...budget, amount: 6n }] }, 'DuplicateBudget')
})

test('several windows for one token are fine', () => {
  const budgets = [0, 60, 3600].map((period) => ({ token: GAME, amount: 5n, period }))

  checkSession({ ...game, budgets }, MODULE)
})

test('a refusal says what is wrong and what to do', () => {
  assert.throws(() => checkSession({ ...game, maxCalls: 0 }, MODULE), {
    message:
      'a session for 0 calls cannot be enabled: give the number of calls, or UNCOUNTED_CALLS',
  })
})

test('the owner is warned of what outlives the session', () => {
  const approve = { ...permission, selector: '0x095ea7b3' as const }

  assert.deepEqual(sessionWarnings(game), [])
  assert.deepEqual(sessionWarnings({ ...game, permissions: [permission, approve] }), [
    `permission 1 lets the delegate give allowances of ${GAME} that outlive it`,
  ])
})
