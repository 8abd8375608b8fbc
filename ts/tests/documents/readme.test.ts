import assert from 'node:assert/strict'
import test from 'node:test'
import { secp256k1Delegate } from 'smart-session'
import { readMessage, smartSessionAbi } from 'smart-session/format'
import { delegationContext, readDelegationContext } from 'smart-session/permissions'
import { type Hex, decodeFunctionData, getAddress, isAddressEqual, keccak256 } from 'viem'
import { imagine } from '../chain.js'
import { read } from '../repository.js'
import { ALICE, GAME, MODULE, MOMENT, MOVE, game, repeat } from '../sessions.js'

const BOB = repeat('b0')
import { compiled } from './compiled.js'

for (const [name, readme, place] of [
  ['package', 'ts/README.md', 1],
  ['repository', 'README.md', 0],
] as const) {
  test(`the example in the README of the ${name} compiles and sends an operation`, async () => {
    const text = read(readme)
    const examples = [...text.matchAll(/```ts\n(.*?)```/gs)]
    assert.equal(examples.length, name === 'package' ? 2 : 3)

    const { play } = await compiled(name, examples[place]![1]!)
    const { account, bundler, sent } = await imagine(ALICE)
    await play(account, bundler, MODULE, GAME)

    assert.ok(sent[0]!.signature.startsWith('0x01'), 'the first operation enables')
  })
}

test('the second example of the repository sends a transaction and signs for an app', async () => {
  const text = read('README.md')
  const [, example] = [...text.matchAll(/```ts\n(.*?)```/gs)]
  const { moveDirectly, signForApp } = await compiled('second', example![1]!)
  const wallet = { account: game.delegate, chain: undefined, sendTransaction: (it: unknown) => it }
  const domain = { name: 'Coin', version: '1', chainId: 42161, verifyingContract: GAME } as const
  const types = { Permit: ['spender', 'value'].map((name) => ({ name, type: 'uint256' })) }
  const permit = { domain, types, primaryType: 'Permit', message: { spender: 1n, value: 5n } }
  const { domainSeparator, typeHash } = readMessage(permit as never)
  const delegate = secp256k1Delegate(keccak256('0x01'))
  const rules = [{ index: 1, min: 0n, max: 9n }]
  const signing = [{ domainSeparator, typeHash, rules }]
  const session = { ...game, delegate: delegate.address, signing }

  const sent = moveDirectly(wallet, MODULE, session, MOVE)
  const { functionName, args } = decodeFunctionData({ abi: smartSessionAbi, data: sent.data })
  assert.deepEqual([sent.to, functionName, args![0]], [MODULE, 'execute', getAddress(ALICE)])

  const { account } = await imagine(ALICE)
  const signature = await signForApp(account, MODULE, session, delegate, permit)
  // Nexus: the module's address, then the mode of a message.
  assert.ok(signature.startsWith(`${MODULE}02`), signature)
  permit.message.value = 10n
  await assert.rejects(signForApp(account, MODULE, session, delegate, permit), {
    code: 'NotSignable',
  })
})

test('the third example of the repository signs an order for a sponsor, and redeems', async () => {
  const [, , example] = [...read('README.md').matchAll(/```ts\n(.*?)```/gs)]
  const { moveSponsored, redeem } = await compiled('third', example![1]!)
  const { client } = await imagine(ALICE, { status: 1, blockTime: () => MOMENT })
  const wallet = { account: ALICE, chain: undefined, sendTransaction: (it: unknown) => it }
  const delegate = secp256k1Delegate(keccak256('0x01'))
  const session = { ...game, delegate: delegate.address }
  const calls = [{ to: GAME, data: MOVE }]
  const functionOf = ({ data }: { data: Hex }) =>
    decodeFunctionData({ abi: smartSessionAbi, data }).functionName

  const terms = { module: MODULE, session, delegate, calls, now: () => MOMENT }
  const sponsored = await moveSponsored(client, wallet, terms)
  const granted = {
    chainId: '0xa4b1',
    from: ALICE,
    to: delegate.address,
    context: delegationContext({ session }),
    delegationManager: MODULE,
  }
  const redeemed = redeem(wallet, MODULE, granted, MOVE)

  assert.deepEqual([sponsored.to, functionOf(sponsored)], [MODULE, 'executeFor'])
  assert.deepEqual([redeemed.to, functionOf(redeemed)], [MODULE, 'redeemDelegations'])
})

test('the example of the document on permissions answers a request', async () => {
  const { answer } = await compiled('permissions', /```ts\n(.*?)```/s.exec(read('docs/permissions.md'))![1]!)
  const { client, account } = await imagine(ALICE, { blockTime: () => MOMENT })
  const request = {
    chainId: '0xa4b1',
    to: BOB,
    permission: {
      type: 'erc20-token-allowance',
      isAdjustmentAllowed: false,
      data: { tokenAddress: GAME, allowance: '0x64' },
    },
    rules: [{ type: 'expiry', data: { timestamp: MOMENT + 3_600 } }],
  }

  const { context, delegationManager, to } = await answer(client, { module: MODULE }, account, request)

  assert.ok(isAddressEqual(delegationManager, MODULE) && isAddressEqual(to, BOB))
  const { session } = readDelegationContext(context)
  assert.equal(session.budgets[0]?.amount, 100n)
})
