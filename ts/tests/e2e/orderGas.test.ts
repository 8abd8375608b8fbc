import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test from 'node:test'
import {
  PLAIN_TRANSFER,
  type Session,
  orderCall,
  secp256k1Delegate,
  signOrder,
} from 'smart-session'
import { grantToJson, sessionTypedData } from 'smart-session/owner'
import { type Address, type Hex, concat, numberToHex, size } from 'viem'
import { generatePrivateKey, privateKeyToAddress } from 'viem/accounts'
import { skip, startParty } from './chainTests.js'
import { COMMAND_LINE } from './processes.js'

/** Init code that leaves code behind: PUSH1 length, DUP1, PUSH1 9, RETURNDATASIZE, CODECOPY, RETURN. */
const leaving = (code: Hex): Hex =>
  concat(['0x60', numberToHex(size(code)), '0x8060093d393df3', code])
/** Writes 1 to three slots: some 66,000 gas. */
const WORKER: Hex = '0x60016000556001600155600160025500'
/** Calls a worker with all its gas, and does not look at the result. */
const swallower = (worker: Address): Hex => concat(['0x5f5f5f5f5f73', worker, '0x5af15000'])

test('orders of calls that swallow the want of gas', { skip }, async (context) => {
  const party = await startParty(context)
  const { stage, signSession } = party
  const { client, module, send } = stage
  const create = async (code: Hex) => (await send({ data: leaving(code) })).contractAddress!
  const worker = await create(WORKER)
  const target = await create(swallower(worker))
  const key = generatePrivateKey()
  const delegate = secp256k1Delegate(key)
  const permissions = [{ target, selector: PLAIN_TRANSFER, valueLimit: 0n, rules: [] }]
  const session: Session = await party.sessionFor(delegate, { permissions })
  const ownerSignature = await signSession(sessionTypedData(module, session))
  const calls = [{ to: target }]
  const order = await signOrder(client, { module, session, delegate, ownerSignature, calls })
  const work = async () => {
    const written = await client.getStorageAt({ address: worker, slot: '0x2' })
    return BigInt(written ?? '0x0')
  }

  await context.test('what the order asks for is enough, whatever its sponsor gives', async () => {
    const call = orderCall(order)
    const sponsor = privateKeyToAddress(generatePrivateKey())
    const passes = (gas: bigint) =>
      client.call({ account: sponsor, ...call, gas }).then(
        () => true,
        () => false,
      )
    let [low, high] = [21_000n, 3_000_000n]
    while (high - low > 1n) {
      const middle = (low + high) / 2n
      if (await passes(middle)) high = middle
      else low = middle
    }

    for (const [gas, worked] of [
      [low, 0n],
      [high, 1n],
      [high + 1n, 1n],
      [high + 20_000n, 1n],
    ] as const) {
      const snapshot = await client.request({ method: 'evm_snapshot' } as never)
      const hash = await stage.wallet.sendTransaction({ ...call, gas })
      const { status } = await client.waitForTransactionReceipt({ hash })
      assert.equal(status, worked === 1n ? 'success' : 'reverted', `${gas} gas`)
      assert.equal(await work(), worked, `${gas} gas`)
      await client.request({ method: 'evm_revert', params: [snapshot] } as never)
    }
  })

  await context.test('the command line asks for the same', () => {
    const folder = mkdtempSync(join(tmpdir(), 'order-'))
    const file = (name: string, text: string) => {
      writeFileSync(join(folder, name), text, { mode: 0o600 })
      return join(folder, name)
    }
    const grant = file('session.json', JSON.stringify(grantToJson({ module, session, ownerSignature })))
    const listed = file('calls.json', JSON.stringify(calls))
    const written = join(folder, 'order.json')
    const rpc = client.chain.rpcUrls.default.http[0]!
    execFileSync(COMMAND_LINE, [
      ...['order', 'sign', grant, '--calls', listed, '--module', module, '--rpc', rpc],
      ...['--delegate-key-file', file('delegate.key', key), '--output', written],
    ])

    const { gas } = JSON.parse(readFileSync(written, 'utf8')) as { gas: number }
    assert.equal(gas, order.gas)
  })
})
