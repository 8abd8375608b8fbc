import assert from 'node:assert/strict'
import test from 'node:test'
import { type Session, createSessionClient, secp256k1Delegate } from 'smart-session'
import { nonceKey } from 'smart-session/format'
import { type Hex, pad, parseEther } from 'viem'
import { type Answers, hashOf, imagine } from '../chain.js'
import { ALICE, GAME, MODULE, MOMENT, MOVE, game, repeat, rich } from '../sessions.js'

const key = secp256k1Delegate(`0x${'07'.repeat(32)}`)
const session: Session = { ...game, delegate: key.address }
const move = { to: GAME, data: MOVE, value: 5n }

/** A client whose node and bundler answer as they like, and a record of what its key has signed. */
async function clientOf(answers: Answers, change: Partial<Session> = {}, more: object = {}) {
  const chain = await imagine(ALICE, { status: 1, blockTime: () => MOMENT, ...answers })
  const signed: Hex[] = []
  const delegate = {
    ...key,
    sign: (digest: Hex) => {
      signed.push(digest)
      return key.sign(digest)
    },
  }
  const client = await createSessionClient(chain.bundler, {
    account: chain.account,
    module: MODULE,
    session: { ...session, ...change },
    delegate,
    now: () => MOMENT,
    ...more,
  })
  return { ...chain, client, signed }
}

async function signsNothing(
  code: string,
  answers: Answers,
  change: Partial<Session> = {},
  more: object = {},
): Promise<void> {
  const { client, signed, sent } = await clientOf(answers, change, more)
  await assert.rejects(client.send([move]), { name: 'SessionRefused', code })
  assert.deepEqual([signed, sent], [[], []], code)
}

test('a node on another chain than the client or the session is for gets nothing', async () => {
  await assert.rejects(clientOf({ chainId: 1 }), { code: 'WrongChain' })
  const chains = [{ chainId: 1n, epoch: 0n }]
  await assert.rejects(clientOf({}, { chains }), { code: 'ChainNotListed' })
})

test('the chain id is asked once, and nothing is signed for another one', async () => {
  const { client, asked } = await clientOf({})
  await client.send([move])
  await client.send([move])
  assert.equal(asked.filter((method) => method === 'eth_chainId').length, 1)

  const operation = { callData: '0x', nonce: 0n, chainId: 1 } as never
  await assert.rejects(client.account.signUserOperation(operation), { code: 'WrongChain' })
})

test('a nonce of another key than the one that was asked for is not signed', async () => {
  const other = nonceKey('nexus', repeat('0a'))
  await signsNothing('WrongNonce', { nonceOf: () => other << 64n })
  await signsNothing('WrongNonce', { nonceOf: (asked) => (asked + 1n) << 64n })

  const { client, signed } = await clientOf({})
  const operation = { callData: '0x', nonce: other << 64n } as never
  await assert.rejects(client.account.signUserOperation(operation), { code: 'WrongNonce' })
  assert.deepEqual(signed, [])
})

test('gas over a small multiple of the own estimate is not signed', async () => {
  const price = { maxFeePerGas: 100_000_000n }
  for (const gas of [
    { preVerificationGas: '0x3d09000' },
    { verificationGasLimit: '0x3d09000' },
    { callGasLimit: '0x3d09000' },
  ] as const) {
    // 64 million gas at 0.1 gwei, of 0.01 ETH that the session has.
    await signsNothing('FeeTooHigh', { gas, ...price })
  }
  const usual = { preVerificationGas: '0xbb80', verificationGasLimit: '0x30d40' } as const
  const { client } = await clientOf({ gas: usual, ...price })
  await client.send([move])
})

test('a price over a small multiple of the own estimate is not signed', async () => {
  const gas = { preVerificationGas: '0xbb80', verificationGasLimit: '0x30d40' } as const
  await signsNothing('FeeTooHigh', { gas, maxFeePerGas: 5_000_000_000n })
})

test('no more is signed than maxFee, or than the session has left', async () => {
  const gas = { preVerificationGas: '0x3e8' } as const
  const spent = parseEther('0.01')
  await signsNothing('FeeTooHigh', { gas }, {}, { maxFee: 10_039n })
  await signsNothing('FeeOverLimit', { gas, fee: spent - 10_039n })
  // 1,000 + 3 + 1 gas at 10 wei.
  const { client, signed } = await clientOf({ gas, fee: spent - 10_040n }, {}, { maxFee: 10_040n })
  await client.send([move])
  await assert.rejects(client.send([move], { maxFee: 1n }), { code: 'FeeTooHigh' })
  assert.equal(signed.length, 1)
})

test('a priority fee is what the sender says', async () => {
  const { client, sent } = await clientOf({})
  await client.send([move], { priorityFee: 70n })

  // The newest block's base fee is 5.
  const { maxFeePerGas, maxPriorityFeePerGas } = sent[0]!
  assert.deepEqual([maxFeePerGas, maxPriorityFeePerGas], ['0x50', '0x46'])
})

test('a bundler that calls an operation something else is told, with the true hash', async () => {
  const { client, sent } = await clientOf({ hashOf: () => pad('0xbad0') })

  await assert.rejects(client.send([move]), (error: Error & { code: string }) => {
    assert.equal(error.code, 'WrongHash')
    assert.ok(error.message.includes(hashOf(sent[0]!)), error.message)
    return true
  })
})

test('what became of an operation is what the node says', async () => {
  const { client, sent, asked } = await clientOf({})
  await client.send([{ ...move, value: 1n }])
  const hash = await client.send([move])
  assert.equal(hash, hashOf(sent[1]!))

  const landed = await client.waitFor(hash)

  assert.deepEqual([landed.hash, landed.success, landed.actualGasCost], [hash, true, 70n])
  // The bundle's other operation has logged at 0.
  assert.deepEqual(
    landed.logs.map(({ logIndex }) => logIndex),
    [2],
  )
  assert.ok(!asked.includes('eth_getUserOperationReceipt'))
})

test('a wait that ends names the hash', async () => {
  const { client } = await clientOf({})
  const hash = pad('0x77')

  const waiting = client.waitFor(hash, { timeout: 30, pollingInterval: 10 })

  await assert.rejects(waiting, { code: 'NotLanded', message: new RegExp(hash) })
})

test('time is judged at the later clock, whichever lies behind', async () => {
  const over = { validUntil: MOMENT - 1 }
  await signsNothing('OutsideWindow', { blockTime: () => MOMENT - 5_000 }, over)
  const idle = { now: () => MOMENT - 5_000 }
  await signsNothing('OutsideWindow', {}, over, idle)
  // In milliseconds.
  await signsNothing('RefusedTime', {}, {}, { now: () => MOMENT * 1000 })
})

test('an operation for a period that no block has reached is told as such', async () => {
  const budgets = [{ token: GAME, amount: 5n, period: 60 }]
  const blockTime = () => game.validAfter + 59

  await signsNothing('NotDueYet', { blockTime }, { budgets }, { now: () => game.validAfter + 61 })
})

test('from EntryPoint 0.8 on the first second is waited out', async () => {
  const { client, sent } = await clientOf(
    { version: '0.8', blockTime: () => time() },
    { budgets: rich.budgets },
    { now: () => time() },
  )
  let looks = 0
  const time = () => game.validAfter + (looks++ > 4 ? 1 : 0)

  await client.send([move])

  // The claimed time, 6 bytes behind the index.
  const claimed = (game.validAfter + 1).toString(16).padStart(12, '0')
  assert.ok(sent[0]!.signature.includes(`00${claimed}`))
})

test('operations that are sent at once go into lanes of their own', async () => {
  const landed = new Set<bigint>()
  const nonceOf = (asked: bigint) => (asked << 64n) + (landed.has(asked) ? 4n : 3n)
  const { client, sent } = await clientOf({ nonceOf })

  await Promise.all([client.send([move]), client.send([move])])
  const first = nonceKey('nexus', MODULE)
  const second = nonceKey('nexus', MODULE, 1)
  const nonces = () => sent.map(({ nonce }) => BigInt(nonce))
  assert.deepEqual(nonces().sort(), [(first << 64n) + 3n, (second << 64n) + 3n].sort())

  landed.add(first)
  await client.send([move])
  assert.equal(nonces()[2], (first << 64n) + 4n)
})

test('a nonce that was not used is used by the next operation', async () => {
  const { client, sent } = await clientOf({})
  await assert.rejects(client.send([{ ...move, to: repeat('77') }]), { code: 'NotPermitted' })

  await client.send([move])

  assert.equal(BigInt(sent[0]!.nonce), (nonceKey('nexus', MODULE) << 64n) + 3n)
})

test('a paymaster is asked once for each of its two answers, also where the module is not cached', async () => {
  const paymaster = { address: repeat('5a'), asked: 0 }
  const { client, sent } = await clientOf(
    { paymaster, startGas: 16_000n },
    { paymaster: repeat('5a') },
  )

  await client.send([move])

  assert.equal(paymaster.asked, 2)
  assert.equal(BigInt(sent[0]!['verificationGasLimit']!), 3n + 16_000n - 2n)
})
