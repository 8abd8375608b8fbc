import assert from 'node:assert/strict'
import test from 'node:test'
import { sessionWarnings } from 'smart-session/owner'
import { GAME, game } from '../sessions.js'

const permission = game.permissions[0]!

test('the owner is warned of what outlives the session', () => {
  const approve = { ...permission, selector: '0x095ea7b3' as const }

  assert.deepEqual(sessionWarnings(game), [])
  assert.deepEqual(sessionWarnings({ ...game, permissions: [permission, approve] }), [
    {
      code: 'Allowance',
      at: 'permissions[1]',
      sentence: `permission 1 lets the delegate give allowances of ${GAME} that outlive it`,
    },
  ])
})

test('numbers are compared by value', () => {
  const facts = { epochs: [{ chainId: 42161 as never, epoch: 0 as never }] }

  assert.deepEqual(sessionWarnings(game, facts), [])
})
