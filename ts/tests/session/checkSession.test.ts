import assert from 'node:assert/strict'
import test from 'node:test'
import {
  ANY_CALL,
  ANY_PAYMASTER,
  NATIVE,
  PLAIN_TRANSFER,
  type Session,
  UNCOUNTED_FEES,
  sessionId,
} from 'smart-session'
import { discloseUsed, moduleDomain, packSession } from 'smart-session/format'
import { checkSession, sessionTypedData } from 'smart-session/owner'
import { type Hex, domainSeparator, toFunctionSelector } from 'viem'
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
  const budgets = [0, 60, 3600].map((period) => ({ token: repeat('70'), amount: 5n, period }))

  checkSession({ ...game, budgets }, MODULE)
})

test('a refusal says what is wrong and what to do', () => {
  assert.throws(() => checkSession({ ...game, maxCalls: 0 }, MODULE), {
    message:
      'a session for 0 calls cannot be enabled: give the number of calls, or UNCOUNTED_CALLS',
  })
})

test('a session with milliseconds is refused in words that say seconds', () => {
  for (const validUntil of [game.validUntil * 1000, 4_102_444_801]) {
    assert.throws(() => checkSession({ ...game, validUntil }, MODULE), {
      code: 'RefusedWindow',
      message: /give unix seconds before the year 2100, not milliseconds/,
    })
  }
  checkSession({ ...game, validUntil: 4_102_444_800 }, MODULE)
})

test('a token with a budget and a function that no budget counts do not go together', () => {
  const token = repeat('70')
  const budgets = [{ token, amount: 5n, period: 0 }]
  const check = (selector: Hex) => {
    const permissions = [{ ...permission, target: token, selector }]
    checkSession({ ...game, budgets, permissions }, MODULE)
  }

  for (const signature of [
    'transfer(address,uint256)',
    'transferFrom(address,address,uint256)',
    'approve(address,uint256)',
    'increaseAllowance(address,uint256)',
  ]) {
    check(toFunctionSelector(signature))
  }
  check('0x095EA7B3')
  check(ANY_CALL)
  for (const selector of ['0x40c10f19', PLAIN_TRANSFER] as const) {
    assert.throws(() => check(selector), { code: 'UncountableTokenCall' })
  }
})

test('what the account is made of is no target, once it is known', () => {
  checkSession(game, MODULE)

  assert.throws(() => checkSession(game, MODULE, { ownContracts: [GAME] }), {
    code: 'BannedTarget',
  })
})

test('numbers that are meant as bigints are the same session', () => {
  const budgets = [{ token: NATIVE, amount: 2n ** 96n, period: 0 }]
  const written = {
    ...game,
    chains: [{ chainId: 42161, epoch: 0 }],
    maxCalls: 100n,
    validAfter: BigInt(game.validAfter),
    salt: 7,
  } as unknown as Session

  assert.equal(sessionId(written), sessionId(game))
  assert.equal(
    packSession(written, discloseUsed(42161 as never, [0])),
    packSession(game, discloseUsed(42161n, [0])),
  )
  checkSession(written, MODULE)
  const refused = (change: object, code: string) =>
    assert.throws(() => checkSession({ ...written, ...change } as Session, MODULE), { code })
  const twice = [1, 1n].map((chainId) => ({ chainId, epoch: 0 }))
  refused({ chains: twice }, 'DuplicateChain')
  refused({ budgets }, 'RefusedBudget')
  refused({ budgets: [{ ...budgets[0], amount: 0 }] }, 'RefusedBudget')
  // Past 2^53 a number is not what was written.
  refused({ feeLimit: 2 ** 54 }, 'NumberTooWide')
})
