import assert from 'node:assert/strict'
import test from 'node:test'
import { type OwnBundlerTerms, createSessionClient, ownBundler, secp256k1Delegate } from 'smart-session'
import { type Hex, createClient, custom, isAddressEqual } from 'viem'
import { ENTRY_POINT, imagine } from '../chain.js'
import { ALICE, GAME, MODULE, MOMENT, MOVE, game, repeat } from '../sessions.js'

const delegate = secp256k1Delegate(`0x${'07'.repeat(32)}`)
const session = { ...game, delegate: delegate.address }
const WALLET = repeat('a9')
const HASH: Hex = `0x${'0b'.repeat(32)}`

/** Sends a move by a wallet of which every transaction and estimate is kept. */
async function sendBy(terms: Omit<OwnBundlerTerms, 'wallet'>) {
  const { account, client, asked } = await imagine(ALICE, { status: 1, blockTime: () => MOMENT })
  const transactions: { to: Hex; gas: Hex }[] = []
  const estimates: { from: Hex; to: Hex }[] = []
  const request = async ({ method, params }: { method: string; params: never[] }) => {
    if (method === 'eth_sendTransaction') return transactions.push(params[0]!) && HASH
    if (method === 'eth_estimateGas') estimates.push(params[0]!)
    return client.request({ method, params } as never)
  }
  const wallet = createClient({
    account: { address: WALLET, type: 'json-rpc' },
    transport: custom({ request }, { retryCount: 0 }),
  })
  const bundler = ownBundler({ ...terms, wallet: wallet as OwnBundlerTerms['wallet'] })
  const parts = { account, module: MODULE, session, delegate, now: () => MOMENT }
  const player = await createSessionClient(bundler, parts)
  await player.send([{ to: GAME, data: MOVE, value: 5n }])
  return { transactions, estimates, asked }
}

test('the node is asked for the gas of handleOps, and a third more is given', async () => {
  const { transactions, estimates } = await sendBy({})

  assert.deepEqual(
    estimates.map(({ from, to }) => [from, to].map((one) => one.toLowerCase())),
    [
      [ENTRY_POINT, ALICE],
      [WALLET, ENTRY_POINT],
    ].map((pair) => pair.map((one) => one.toLowerCase())),
  )
  // 21,000 and a third.
  assert.deepEqual(transactions.map(({ gas }) => Number(gas)), [28_000])
})

test('a wallet that finds out itself is given its gas, and the node is not asked', async () => {
  const { transactions, estimates } = await sendBy({ gas: 3_000_000n })

  assert.equal(estimates.length, 1, 'the call of the account alone')
  assert.ok(isAddressEqual(estimates[0]!.to, ALICE))
  assert.deepEqual(transactions.map(({ gas }) => Number(gas)), [3_000_000])
})
