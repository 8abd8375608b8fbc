import assert from 'node:assert/strict'
import test from 'node:test'
import {
  type AccountKind,
  type Delegate,
  type ModuleCall,
  type Order,
  type OrderOptions,
  type Session,
  type SessionCall,
  executeCall,
  orderCall,
  pendingOrders,
  readSession,
  secp256k1Delegate,
  sessionActions,
  sessionId,
  signOrder,
} from 'smart-session'
import { explainFailure } from 'smart-session/errors'
import { revokeCall, sessionTypedData } from 'smart-session/owner'
import { delegationContext, redeemCall } from 'smart-session/permissions'
import { type Hex, createWalletClient, http, parseEther } from 'viem'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import { ACCOUNTS, type Maker } from './accounts.js'
import { skip, startParty } from './chainTests.js'
import { DELEGATES, type Party, moveOf, movesOf, partyOf } from './party.js'

/** Who brings calls, and pays for them. */
async function sponsorOf({ stage }: Party, key: Hex = generatePrivateKey()) {
  const { client, send } = stage
  const account = privateKeyToAccount(key)
  await send({ to: account.address, value: parseEther('1') })
  const transport = http(client.chain.rpcUrls.default.http[0])
  const wallet = createWalletClient({ account, chain: client.chain, transport })
  return {
    address: account.address,
    /** Sends a call with so much gas, which simulates nothing. */
    async send(call: ModuleCall, gas: bigint) {
      const hash = await wallet.sendTransaction({ ...call, gas })
      return client.waitForTransactionReceipt({ hash })
    },
    /** Sends a call and waits until it has succeeded. What the node refuses is thrown in words. */
    async bring(call: ModuleCall) {
      const hash = await wallet.sendTransaction(call).catch((error: unknown) => {
        throw new Error(explainFailure(error) ?? String(error), { cause: error })
      })
      const receipt = await client.waitForTransactionReceipt({ hash })
      assert.equal(receipt.status, 'success')
      return receipt
    },
  }
}

/** A session that the owner has signed, and what signs orders of it. */
async function signed(party: Party, delegate: Delegate, change: Partial<Session> = {}) {
  const { stage, signSession } = party
  const { client, module } = stage
  const session = await party.sessionFor(delegate, change)
  const ownerSignature = await signSession(sessionTypedData(module, session))
  const order = (calls: readonly SessionCall[], options: OrderOptions = {}): Promise<Order> =>
    signOrder(client, { module, session, delegate, ownerSignature, calls, ...options })
  return { session, ownerSignature, order }
}

test('orders on the embedded chain, brought by a sponsor', { skip }, async (context) => {
  const party = await startParty(context)
  const { account, stage } = party
  const { client, module, entryPoint } = stage
  const sponsor = await sponsorOf(party)
  const stranger = await sponsorOf(party)
  const moved = async () => (await movesOf(party)) as bigint

  for (const [kind, delegateOf] of Object.entries(DELEGATES)) {
    await context.test(`a ${kind} key acts, a sponsor pays`, async () => {
      const { session, order } = await signed(party, await delegateOf())
      const deposit = await client.getBalance({ address: entryPoint })
      const held = await client.getBalance({ address: account.address })
      const before = await moved()

      const first = await order([moveOf(stage, 5n)])
      assert.deepEqual(await pendingOrders(client, [first]), [first])
      await sponsor.bring(orderCall(first))
      const second = await order([moveOf(stage, 1n), moveOf(stage, 2n)])
      await sponsor.bring(orderCall(second))

      assert.ok(first.packed.startsWith('0x01') && second.packed.startsWith('0x00'))
      assert.equal(await moved(), before + 3n)
      assert.deepEqual(await pendingOrders(client, [first, second]), [])
      const { status, calls, fee, orderNonce } = await readSession(client, module, session)
      assert.deepEqual([status, calls, fee, orderNonce], ['enabled', 3, 0n, 2])
      // The account has paid for its moves, and nothing for gas.
      assert.equal(await client.getBalance({ address: account.address }), held - 8n)
      assert.equal(await client.getBalance({ address: entryPoint }), deposit)
      await assert.rejects(sponsor.bring(orderCall(second)), /nonce 1, the session's next one is 2/)
      const tooMany = await order([moveOf(stage, 1n), moveOf(stage, 2n)])
      await assert.rejects(sponsor.bring(orderCall(tooMany)), /5 calls are made, 4 are allowed/)
      // What failed has spent nothing, and may still land.
      assert.deepEqual(await pendingOrders(client, [tooMany]), [tooMany])
    })
  }

  for (const [kind, make] of Object.entries(ACCOUNTS) as [AccountKind, Maker][]) {
    await context.test(`an order on ${kind}: enabled and used, one call and five`, async () => {
      const own = await partyOf(stage, kind, make)
      const moves = [1n, 2n, 3n, 4n, 5n].map((value) => moveOf(stage, value))
      const { order } = await signed(own, await DELEGATES['P-256']!(), { maxCalls: 6 })

      await sponsor.bring(orderCall(await order(moves.slice(0, 1))))
      await sponsor.bring(orderCall(await order(moves)))

      assert.equal(await movesOf(own), 6n)
    })
  }

  const secp256k1 = DELEGATES['secp256k1']!

  await context.test('orders of one session run one after another', async () => {
    const delegate = await secp256k1()
    const { session, ownerSignature } = await signed(party, delegate)
    const terms = { account, module, session, delegate, ownerSignature }
    const acting = client.extend(sessionActions(terms))
    const [one, two] = [
      await acting.signSessionOrder({ calls: [moveOf(stage, 1n)] }),
      await acting.signSessionOrder({ calls: [moveOf(stage, 2n)] }),
    ]

    await assert.rejects(sponsor.bring(orderCall(two)), /nonce 1, the session's next one is 0/)
    await sponsor.bring(orderCall(one))
    assert.deepEqual(await acting.pendingSessionOrders(), [two])
    await stranger.bring(orderCall(two))
    assert.deepEqual(await acting.pendingSessionOrders(), [])
  })

  await context.test('an order that names a relayer is brought by it alone', async () => {
    const { order } = await signed(party, await secp256k1())
    const named = await order([moveOf(stage, 1n)], { relayer: sponsor.address, gas: 0 })

    await assert.rejects(stranger.bring(orderCall(named)), /only .* may bring|names/)
    await sponsor.bring(orderCall(named))
  })

  await context.test('a relayer that gives too little gas spends nothing of the order', async () => {
    const { session, order } = await signed(party, await secp256k1())
    const wants = await order([moveOf(stage, 1n)], { gas: 1_000_000 })

    const receipt = await sponsor.send(orderCall(wants), 900_000n)

    assert.equal(receipt.status, 'reverted')
    const { status, calls, orderNonce } = await readSession(client, module, session)
    assert.deepEqual([status, calls, orderNonce], ['unknown', 0, 0])
    const little = { account: sponsor.address, ...orderCall(wants), gas: 900_000n }
    await assert.rejects(client.call(little), (error: unknown) => {
      assert.match(explainFailure(error) ?? '', /gas/)
      return true
    })
    // A node estimates what the order wants, since it reverts with less.
    await sponsor.bring(orderCall(wants))
  })

  await context.test('an order is altered by nobody', async () => {
    const { order } = await signed(party, await secp256k1())
    const whole = await order([moveOf(stage, 1n)])
    const changes: Partial<Order>[] = [
      { deadline: whole.deadline + 1 },
      { gas: whole.gas - 1 },
      { relayer: stranger.address },
      { executionCalldata: `${whole.executionCalldata.slice(0, -1)}4` as Hex },
    ]
    for (const change of changes) {
      const altered = orderCall({ ...whole, ...change })
      await assert.rejects(stranger.bring(altered), /signature/, Object.keys(change)[0])
    }
    await stranger.bring(orderCall(whole))
  })

  await context.test('an order ends with its deadline, and with its session', async () => {
    const { session, order } = await signed(party, await secp256k1())
    await sponsor.bring(orderCall(await order([moveOf(stage, 1n)])))
    const { timestamp } = await client.getBlock()
    const late = await order([moveOf(stage, 1n)], { deadline: Number(timestamp) + 60 })
    const later = await order([moveOf(stage, 1n)], { deadline: Number(timestamp) + 6_000 })

    const snapshot = await client.request({ method: 'evm_snapshot' } as never)
    await client.request({ method: 'evm_increaseTime', params: [61] } as never)
    await client.request({ method: 'evm_mine' } as never)
    await assert.rejects(sponsor.bring(orderCall(late)), /deadline/)
    assert.deepEqual(await pendingOrders(client, [late, later]), [later])
    await client.request({ method: 'evm_revert', params: [snapshot] } as never)

    await party.asOwner(revokeCall(module, sessionId(session)))
    assert.deepEqual(await pendingOrders(client, [late, later]), [])
    await assert.rejects(sponsor.bring(orderCall(later)), /was revoked/)
  })

  await context.test('the delegate calls itself, and redeems contexts of two sessions', async () => {
    const key = generatePrivateKey()
    const delegate = secp256k1Delegate(key)
    const [one, two] = [await signed(party, delegate), await signed(party, delegate)]
    const itself = await sponsorOf(party, key)
    const before = await moved()

    const chainId = BigInt(client.chain.id)
    const move = { target: stage.game, value: 1n, callData: moveOf(stage, 1n).data }
    const { session, ownerSignature } = one
    const direct = { session, chainId, executions: [move], ownerSignature }
    await itself.bring(executeCall(module, direct))
    const redemptions = [
      { context: delegationContext(one), calls: [moveOf(stage, 1n)] },
      { context: delegationContext(two), calls: [moveOf(stage, 1n), moveOf(stage, 2n)] },
    ]
    await itself.bring(redeemCall(module, redemptions))

    assert.equal(await moved(), before + 4n)
    const states = await Promise.all(
      [one, two].map(({ session }) => readSession(client, module, session)),
    )
    assert.deepEqual(
      states.map(({ status, calls, orderNonce }) => [status, calls, orderNonce]),
      [
        ['enabled', 2, 0],
        ['enabled', 2, 0],
      ],
    )
    await assert.rejects(stranger.bring(redeemCall(module, redemptions)), /asks without/)
    const tooMany = [redemptions[1]!, redemptions[1]!]
    await assert.rejects(itself.bring(redeemCall(module, tooMany)), /calls are made/)
    // All run, or none.
    assert.equal(await moved(), before + 4n)
  })
})
