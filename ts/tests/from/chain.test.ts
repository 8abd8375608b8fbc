import assert from 'node:assert/strict'
import test from 'node:test'
import { type Session, readSession } from 'smart-session'
import {
  type ImportTerms,
  type Imported,
  fromDelegation,
  fromKernelPermission,
  fromPermissionRequest,
  fromSmartSession,
} from 'smart-session/from'
import { type Address, encodeFunctionData, erc20Abi, parseEther } from 'viem'
import { balanceOf, frameFor, signed, skip as skipChain, startParty } from '../e2e/chainTests.js'
import { DELEGATES, movesOf } from '../e2e/party.js'
import { GAME_ABI } from '../e2e/stage.js'
import { repeat } from '../sessions.js'
import {
  type Parties,
  madeDelegation,
  madeFunctionDelegation,
  madeKernelPermission,
  madeRequest,
  madeSmartSession,
} from './made.js'
import { skip as skipSdks } from './sdks.js'

const FRIEND = repeat('f1')
const STRANGER = repeat('f2')
const NOT_PERMITTED = { code: 'NotPermitted' }
const skip = skipChain || skipSdks

test('sessions made with the SDKs of others, on the embedded chain', { skip }, async (context) => {
  const party = await startParty(context)
  const { account, stage } = party
  const { client, module, game, deploy, send } = stage
  const token = await deploy('PermitToken')
  const mint = { abi: [...erc20Abi, MINT], functionName: 'mint', args: [account.address, 10_000n] }
  await send({ to: token, data: encodeFunctionData(mint as never) })
  const delegate = await DELEGATES['secp256k1']!()
  const { validAfter, validUntil, chains } = await frameFor(party, delegate)
  const chainId = client.chain.id
  const parties: Parties = {
    account: account.address,
    delegate: delegate.address,
    chainId,
    game,
    token,
    friend: FRIEND,
    validAfter,
    validUntil,
  }
  let salt = 1_000n
  const terms = (): ImportTerms => ({
    account: account.address,
    chainId: BigInt(chainId),
    epoch: chains[0]!.epoch,
    module,
    feeLimit: parseEther('0.05'),
    salt: (salt += 1n),
    validUntil,
  })
  /** What acts within an imported session: its first operation enables it. */
  const act = async (imported: Imported) => {
    assert.deepEqual(imported.refusals ?? [], [])
    const session = imported.session as Session
    return { session, run: await signed(party, session, delegate) }
  }
  const move = (step: number, value = 0n) => ({
    to: game,
    value,
    data: encodeFunctionData({ abi: GAME_ABI, functionName: 'move', args: [step] }),
  })
  const pay = (to: Address, amount: bigint) => ({
    to: token,
    data: encodeFunctionData({ abi: erc20Abi, functionName: 'transfer', args: [to, amount] }),
  })
  const paid = () => balanceOf(party, token, FRIEND)
  const moved = async () => (await movesOf(party)) as bigint

  await context.test('a session of SmartSession', async () => {
    const { session, run } = await act(fromSmartSession(madeSmartSession(parties), terms()))
    const [before, had] = [await moved(), await paid()]

    await run(move(9, 1_000n), pay(FRIEND, 400n))

    assert.deepEqual([await moved(), await paid()], [before + 1n, had + 400n])
    await assert.rejects(run(move(10)), NOT_PERMITTED)
    await assert.rejects(run(move(1, 1_001n)), NOT_PERMITTED)
    await assert.rejects(run(pay(STRANGER, 1n)), NOT_PERMITTED)
    await assert.rejects(run(pay(FRIEND, 101n)), /501 are spent, 500 are allowed/)
    await run(move(1), move(1), move(1))
    await assert.rejects(run(move(1)), /6 calls are made, 5 are allowed/)
    const { status, calls } = await readSession(client, module, session)
    assert.deepEqual([status, calls], ['enabled', 5])
  })

  await context.test('a permission of Kernel', async () => {
    const made = await madeKernelPermission(parties)
    const { run } = await act(fromKernelPermission(made, terms()))
    const [before, had] = [await moved(), await paid()]

    await run(move(2, 1_000n), move(7), pay(FRIEND, 100n))

    assert.deepEqual([await moved(), await paid()], [before + 2n, had + 100n])
    await assert.rejects(run(move(3)), NOT_PERMITTED)
    await assert.rejects(run(pay(FRIEND, 101n)), NOT_PERMITTED)
  })

  await context.test('a delegation of MetaMask, periodic', async () => {
    const { run } = await act(fromDelegation(madeDelegation(parties), terms()))
    const had = await paid()

    await run(pay(FRIEND, 300n), pay(FRIEND, 200n))

    assert.equal(await paid(), had + 500n)
    await assert.rejects(run(pay(FRIEND, 1n)), /501 are spent, 500 are allowed/)
    await assert.rejects(run(pay(STRANGER, 1n)), NOT_PERMITTED)
  })

  await context.test('a delegation of MetaMask, by function', async () => {
    const { run } = await act(fromDelegation(madeFunctionDelegation(parties), terms()))
    const before = await moved()

    await run(move(200, 1_000n))

    assert.equal(await moved(), before + 1n)
    await assert.rejects(run(move(1, 1_001n)), NOT_PERMITTED)
    await assert.rejects(run(pay(FRIEND, 1n)), NOT_PERMITTED)
  })

  await context.test('a request of ERC-7715', async () => {
    const { run } = await act(fromPermissionRequest(await madeRequest(parties), terms()))

    await run(pay(STRANGER, 500n))

    assert.equal(await balanceOf(party, token, STRANGER), 500n)
    await assert.rejects(run(pay(STRANGER, 1n)), /501 are spent, 500 are allowed/)
    await assert.rejects(run(move(1)), NOT_PERMITTED)
  })
})

const MINT = {
  type: 'function',
  name: 'mint',
  stateMutability: 'nonpayable',
  inputs: [
    { name: 'to', type: 'address' },
    { name: 'amount', type: 'uint256' },
  ],
  outputs: [],
} as const
