import assert from 'node:assert/strict'
import test from 'node:test'
import { type Session, SessionRefused, sessionId } from 'smart-session'
import { packSession } from 'smart-session/format'
import { GAME, game, rich } from '../sessions.js'

const rule = { index: 0, min: 0n, max: 1n }
const permission = game.permissions[0]!
const scope = rich.signing[0]!
const times = <T>(count: number, item: T): T[] => Array.from({ length: count }, () => item)

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
  refused({ permissions: undefined as never }, 'MissingList', 'permissions is undefined')
  refused({ signing: [{ ...scope, rules: null as never }] }, 'MissingList', 'signing[0].rules')
  refused({ chains: [undefined as never] }, 'NumberTooWide', 'chains[0].chainId is undefined')
  refused({ feeLimit: undefined as never }, 'NumberTooWide', 'feeLimit is undefined')
  refused({ feeLimit: '5' as never }, 'NumberTooWide', 'feeLimit is 5')
  refused({ account: undefined as never }, 'MalformedAddress', 'account is undefined')
})
