import assert from 'node:assert/strict'
import test from 'node:test'
import { type Session, createSessionClient, secp256k1Delegate, sessionId } from 'smart-session'
import {
  discloseUsed,
  draftEnable,
  draftUse,
  nonceKey,
  operationDigest,
  smartSessionAbi,
} from 'smart-session/format'
import { type Hex, encodeErrorResult, recoverAddress, size } from 'viem'
import { type Answers, hashOf, imagine } from '../chain.js'
import { ALICE, GAME, MODULE, MOMENT, MOVE, game, repeat, rich } from '../sessions.js'

const delegate = secp256k1Delegate(`0x${'07'.repeat(32)}`)
const session: Session = { ...game, delegate: delegate.address }
const ownerSignature: Hex = '0x0e0e'
const move = { to: GAME, data: MOVE, value: 5n }

async function clientOf(answers: Answers, change: Partial<Session> = {}, owner?: Hex) {
  const chain = await imagine(ALICE, { blockTime: () => MOMENT, ...answers })
  const client = await createSessionClient(chain.bundler, {
    account: chain.account,
    module: MODULE,
    session: { ...session, ...change },
    delegate,
    now: () => MOMENT,
    ...(owner === undefined ? {} : { ownerSignature: owner }),
  })
  return { ...chain, client }
}

test('a use is sent with the module in its nonce and the delegate signature', async () => {
  const { client, sent, estimated } = await clientOf({ status: 1 })

  const hash = await client.send([move, move])

  const [operation] = sent
  assert.ok(operation && size(hash) === 32)
  assert.equal(client.sessionId, sessionId(session))
  assert.equal(BigInt(operation.nonce), (nonceKey('nexus', MODULE) << 64n) + 3n)
  const draft = draftUse({ session, permissions: [0, 0] }, discloseUsed(42161n, [0]))
  assert.ok(operation.signature.startsWith(draft.disclosed))
  const signature: Hex = `0x${operation.signature.slice(draft.disclosed.length)}`
  const digest = operationDigest(MODULE, draft, hashOf(operation))
  assert.equal(await recoverAddress({ hash: digest, signature }), delegate.address)
  assert.equal(size(estimated[0]!.signature), size(operation.signature))
  assert.notEqual(estimated[0]!.signature, operation.signature)
})

test('on Kernel, where the module has a hook, calls go behind its prefix', async () => {
  const sentWith = async (answers: Answers) => {
    const { client, sent } = await clientOf({ status: 1, ...answers })
    await client.send([move])
    return sent[0]!.callData
  }
  const accountId = 'kernel.advanced.v0.3.1'

  const bare = await sentWith({ accountId })
  assert.ok(bare.startsWith('0xe9ae5c53'))
  assert.equal(await sentWith({ accountId, hook: repeat('4b') }), `0x8dd7712f${bare.slice(2)}`)
  assert.equal(await sentWith({ hook: repeat('4b') }), bare, 'Nexus is not asked')
})

test('where the module is not cached, validation gets the gas of its start', async () => {
  const limit = async (answers: Answers) => {
    const { client, sent } = await clientOf({ status: 1, ...answers })
    await client.send([move])
    return BigInt(sent[0]!['verificationGasLimit']!)
  }

  assert.equal(await limit({}), 3n)
  assert.equal(await limit({ startGas: 16_000n }), 3n + 16_000n - 2n)
})

test('the hash of code is kept, and that there is none is not', async () => {
  const codes: Hex[] = ['0x', '0x', '0x01', '0x02']
  const codeOf = (address: Hex) => (address === MODULE ? codes.shift()! : '0x01')
  const { client } = await clientOf({ status: 1, codeOf })

  for (let i = 0; i < 5; i += 1) await client.send([move])

  assert.deepEqual(codes, ['0x02'], 'asked until there was code, and not again')
})

test('the clock is asked before the estimate, and once more for what is signed', async () => {
  const { client, asked } = await clientOf({ status: 1 })

  await client.send([move])

  const estimate = asked.indexOf('eth_estimateUserOperationGas')
  const blocks = (some: readonly string[]) =>
    some.filter((method) => method === 'eth_getBlockByNumber').length
  assert.equal(blocks(asked.slice(0, estimate)), 1)
  assert.equal(blocks(asked.slice(estimate)), 2, 'one of them for the price of gas')
})

test('the first operation enables with the owner signature', async () => {
  const { client, sent } = await clientOf({ status: 0 }, {}, ownerSignature)

  await client.send([move])

  const draft = draftEnable({ session, permissions: [0] }, ownerSignature)
  assert.ok(sent[0]!.signature.startsWith(`${draft.disclosed}00020e0e`))
})

test('an enabled session is used, even with the owner signature at hand', async () => {
  const { client, sent } = await clientOf({ status: 1 }, {}, ownerSignature)

  await client.send([move])

  assert.ok(sent[0]!.signature.startsWith('0x00'))
})

test('a periodic budget claims the present', async () => {
  const { client, sent } = await clientOf({ status: 1 }, { budgets: rich.budgets })

  await client.send([move])

  assert.ok(sent[0]!.signature.includes('0000006553f164'))
})

test('what cannot pass is refused before anything is sent', async () => {
  const refused = async (code: string, answers: Answers, change: Partial<Session>, call = move) => {
    const { client, sent } = await clientOf(answers, change)
    await assert.rejects(client.send([call]), { name: 'SessionRefused', code })
    assert.equal(sent.length, 0)
  }

  await refused('SessionNotEnabled', { status: 0 }, {})
  await refused('SessionRevokedForEver', { status: 2 }, {})
  await refused('NotPermitted', { status: 1 }, {}, { ...move, to: repeat('77') })
  await refused('OutsideWindow', { status: 1 }, { validAfter: MOMENT + 1 })
  await refused('OutsideWindow', { status: 1 }, { validUntil: MOMENT - 1 })
})

test('what the module refuses is told in its words', async () => {
  const data = encodeErrorResult({
    abi: smartSessionAbi,
    errorName: 'CallsOverLimit',
    args: [101n, 100n],
  })
  const { client } = await clientOf({ status: 1, refusal: `AA23 reverted with reason: ${data}` })

  await assert.rejects(client.send([move]), {
    code: 'Rejected',
    reason: 'with this operation 101 calls are made, 100 are allowed',
  })
})

test('what the EntryPoint refuses is told in words', async () => {
  const { client } = await clientOf({ status: 1, refusal: "AA21 didn't pay prefund" })

  await assert.rejects(client.send([move]), {
    code: 'Rejected',
    reason: 'the account has too little ether to pay for gas (AA21)',
  })
})

test('other refusals of a bundler come through as they are', async () => {
  const { client } = await clientOf({ status: 1, refusal: 'out of order' })

  await assert.rejects(client.send([move]), /out of order/)
})
