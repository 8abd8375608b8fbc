import assert from 'node:assert/strict'
import test from 'node:test'
import {
  type Order,
  type Session,
  pendingOrders,
  secp256k1Delegate,
  sessionActions,
  signOrder,
} from 'smart-session'
import { smartSessionAbi } from 'smart-session/format'
import { decodeFunctionData } from 'viem'
import { type Answers, imagine } from '../chain.js'
import { ALICE, GAME, MODULE, MOMENT, MOVE, game } from '../sessions.js'

const delegate = secp256k1Delegate(`0x${'07'.repeat(32)}`)
const session: Session = { ...game, delegate: delegate.address }
const now = () => MOMENT
const calls = [{ to: GAME, data: MOVE, value: 5n }]
const answersOf = (change: Answers = {}): Answers => ({ status: 1, blockTime: now, ...change })

async function orders(): Promise<Order[]> {
  const { client } = await imagine(ALICE, answersOf())
  const terms = { module: MODULE, session, delegate, calls, now }
  return [
    await signOrder(client, { ...terms, nonce: 0, deadline: MOMENT + 10 }),
    await signOrder(client, { ...terms, nonce: 1, deadline: MOMENT + 20 }),
  ]
}

test('an order may land until another one with its nonce has, or its deadline has passed', async () => {
  const signed = await orders()
  const pending = async (change: Answers) => {
    const { client } = await imagine(ALICE, answersOf(change))
    return (await pendingOrders(client, signed)).map(({ nonce }) => nonce)
  }

  assert.deepEqual(await pending({}), [0, 1])
  assert.deepEqual(await pending({ orderNonce: 1 }), [1])
  assert.deepEqual(await pending({ orderNonce: 2 }), [])
  assert.deepEqual(await pending({ blockTime: () => MOMENT + 10 }), [0, 1])
  assert.deepEqual(await pending({ blockTime: () => MOMENT + 11 }), [1])
  assert.deepEqual(await pending({ blockTime: () => MOMENT + 21 }), [])
  // A session that is not enabled yet may be, by the order itself.
  assert.deepEqual(await pending({ status: 0 }), [0, 1])
  assert.deepEqual(await pending({ status: 2 }), [])
  assert.deepEqual(await pending({ epoch: 5n }), [])
  await assert.rejects(pending({ chainId: 1 }), { code: 'WrongChain' })
})

test('orders of one client are signed one after another', async () => {
  const answers = answersOf({ orderNonce: 7 })
  const { client, account } = await imagine(ALICE, answers)
  const acting = client.extend(sessionActions({ account, module: MODULE, session, delegate, now }))

  const both = await Promise.all([
    acting.signSessionOrder({ calls }),
    acting.signSessionOrder({ calls }),
  ])
  assert.deepEqual(
    both.map(({ nonce }) => nonce),
    [7, 8],
  )
  answers.orderNonce = 8
  assert.deepEqual(await acting.pendingSessionOrders(), [both[1]])
  assert.equal(await acting.readOrderNonce(), 8)
  // The same nonce again: one of the two lands.
  const again = await acting.signSessionOrder({ calls, nonce: 8, deadline: MOMENT + 30 })
  assert.deepEqual(await acting.pendingSessionOrders(), [both[1], again])
  answers.orderNonce = 9
  assert.deepEqual(await acting.pendingSessionOrders(), [])
  assert.equal((await acting.signSessionOrder({ calls })).nonce, 9)
})

test('on a chain that stands still, the nonce of an order that is over is used again', async () => {
  let present = MOMENT
  const { client, account } = await imagine(ALICE, answersOf())
  const terms = { account, module: MODULE, session, delegate, now: () => present }
  const acting = client.extend(sessionActions(terms))
  const first = await acting.signSessionOrder({ calls, deadline: MOMENT + 10 })

  present += 10
  assert.equal((await acting.signSessionOrder({ calls, deadline: MOMENT + 20 })).nonce, 1)
  present += 1
  assert.equal((await acting.signSessionOrder({ calls, nonce: 2, deadline: MOMENT + 12 })).nonce, 2)
  present += 10

  assert.equal((await acting.signSessionOrder({ calls })).nonce, 0)
  // By the chain's clock it may still land.
  assert.ok((await acting.pendingSessionOrders()).includes(first))
})

test('the direct call enables where it must', async () => {
  const packedIn = async (status: number, ownerSignature?: '0x0e') => {
    const { client, account } = await imagine(ALICE, answersOf({ status }))
    const terms = { account, module: MODULE, session, delegate, now }
    const extended = sessionActions({
      ...terms,
      ...(ownerSignature === undefined ? {} : { ownerSignature }),
    })(client as never)
    const { data } = await extended.directSessionCall({ calls })
    return decodeFunctionData({ abi: smartSessionAbi, data }).args![1] as string
  }

  assert.ok((await packedIn(1, '0x0e')).startsWith('0x00'))
  assert.ok((await packedIn(0, '0x0e')).startsWith('0x01'))
  await assert.rejects(packedIn(0), { code: 'SessionNotEnabled' })
  await assert.rejects(packedIn(2, '0x0e'), { code: 'SessionRevokedForEver' })
})
