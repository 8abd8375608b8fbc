import assert from 'node:assert/strict'
import test from 'node:test'
import { type Session, type SessionActions, secp256k1Delegate, sessionActions } from 'smart-session'
import { type OwnerActions, ownerActions } from 'smart-session/owner'
import { delegationContext } from 'smart-session/permissions'
import { type Answers, hashOf, imagine } from '../chain.js'
import { ALICE, GAME, MODULE, MOMENT, MOVE, game } from '../sessions.js'

const delegate = secp256k1Delegate(`0x${'07'.repeat(32)}`)
const session: Session = { ...game, delegate: delegate.address }
const now = () => MOMENT
const move = { to: GAME, data: MOVE, value: 5n }
const chainOf = (answers: Answers = {}) => imagine(ALICE, { status: 1, blockTime: now, ...answers })

test('a bundler client is extended by the actions of a session', async () => {
  const { bundler, account, sent, asked } = await chainOf()
  const terms = { account, module: MODULE, session, delegate, now }

  const client = bundler.extend(sessionActions(terms))
  const actions: SessionActions = client
  assert.equal(actions.sendSessionCalls, client.sendSessionCalls)
  assert.deepEqual(asked, [], 'nothing is asked before the first action')

  const hash = await client.sendSessionCalls({ calls: [move], maxFee: 60n })
  await assert.rejects(client.sendSessionCalls({ calls: [move], maxFee: 59n }), {
    code: 'FeeTooHigh',
  })
  assert.equal(hash, hashOf(sent[0]!))
  assert.equal((await client.waitForSessionOperation({ hash })).success, true)
  assert.equal(await client.sessionStatus(), 'live')
  assert.equal((await client.remaining()).calls, 100)
  assert.equal(asked.filter((method) => method === 'eth_chainId').length, 2)
})

test('what does not belong together is refused by the first action', async () => {
  const { bundler, account } = await chainOf()
  const other = secp256k1Delegate(`0x${'08'.repeat(32)}`)
  const terms = { account, module: MODULE, session, delegate: other, now }

  const client = bundler.extend(sessionActions(terms))

  for (const _ of [1, 2]) {
    await assert.rejects(client.sendSessionCalls({ calls: [move] }), { code: 'WrongKey' })
  }
})

test('a client is extended by the actions of an owner', async () => {
  const { client, account } = await chainOf()

  const owner = client.extend(ownerActions({ module: MODULE, now }))
  const actions: OwnerActions = owner
  assert.equal(actions.listSessions, owner.listSessions)

  assert.deepEqual((await owner.listSessions({ account: ALICE })).sessions, [])
  assert.equal(await owner.sessionStatus({ session }), 'live')
  assert.equal((await owner.remaining({ session })).calls, 100)
  assert.equal(await owner.readEpoch({ account: ALICE }), 0n)
  assert.deepEqual(await owner.readWindow({ seconds: 60 }), {
    validAfter: MOMENT - 60,
    validUntil: MOMENT,
  })
  assert.deepEqual(await owner.sessionWarnings({ session }), [])
  assert.equal(await owner.signSession({ account, session }), '0x0e0e')
})

test('an owner signs no session of another epoch than the chain says', async () => {
  const { client, account } = await chainOf()
  const owner = client.extend(ownerActions({ module: MODULE, now }))
  const chains = [{ chainId: 42161n, epoch: 5n }]

  const signing = owner.signSession({ account, session: { ...session, chains } })

  await assert.rejects(signing, { code: 'WrongEpoch' })
  const codes = await owner.sessionWarnings({ session: { ...session, chains } })
  assert.deepEqual(
    codes.map(({ code }) => code),
    ['EpochNotConfirmed'],
  )
})

test('an owner answers a request with what was signed, or signs nothing', async () => {
  const { client, account } = await chainOf()
  const owner = client.extend(ownerActions({ module: MODULE, now }))
  const permission = { type: 'game-moves', isAdjustmentAllowed: false, data: {} }
  const rules = [{ type: 'expiry', data: { timestamp: session.validUntil + 1 } }]
  const request = { chainId: '0xa4b1', to: session.delegate, permission, rules }

  const granted = await owner.grantPermission({ account, session, request })
  assert.equal(granted.context, delegationContext({ session, ownerSignature: '0x0e0e' }))

  let asked = 0
  const counting = { ...account, signTypedData: async () => ((asked += 1), '0x0e') } as never
  const refused = (change: object, code: string) =>
    assert.rejects(owner.grantPermission({ account: counting, session, request, ...change }), {
      code,
    })
  await refused({ request: { ...request, to: GAME } }, 'WrongKey')
  const chains = [{ chainId: 42161n, epoch: 5n }]
  await refused({ session: { ...session, chains } }, 'WrongEpoch')
  assert.equal(asked, 0)
})
