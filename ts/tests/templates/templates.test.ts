import assert from 'node:assert/strict'
import test from 'node:test'
import { type Session, toSessionAccount } from 'smart-session'
import { readMessage } from 'smart-session/format'
import {
  automationKeeper,
  batchMint,
  gameMoves,
  payroll,
  relayEnableCall,
  secondDevice,
  sessionTypedData,
  signInAndPermits,
  subscription,
  tradingBot,
} from 'smart-session/owner'
import {
  type Address,
  type TypedDataDefinition,
  encodeFunctionData,
  hashTypedData,
  parseAbi,
} from 'viem'
import { balanceOf, frameFor, signed, skip, startParty } from '../e2e/chainTests.js'
import { DELEGATES, moveOf, movesOf } from '../e2e/party.js'
import { repeat } from '../sessions.js'

const ABI = parseAbi([
  'function transfer(address to, uint256 amount)',
  'function approve(address spender, uint256 amount)',
  'function mint(address to, uint256 amount)',
  'function permit(address owner, address spender, uint256 value, uint256 deadline, bytes signature)',
  'function permitTransferFrom(address owner, address to, uint256 amount, uint256 deadline, bytes signature)',
  'function isValidSignature(bytes32 hash, bytes signature) view returns (bytes4)',
  'function exactInputSingle((address tokenIn, address tokenOut, uint24 fee, address recipient, uint256 amountIn, uint256 amountOutMinimum, uint160 sqrtPriceLimitX96) params) payable',
])
const ANNA = repeat('aa')
const BERT = repeat('bb')
const NOT_PERMITTED = { code: 'NotPermitted' }

const transfer = (token: Address, to: Address, amount: bigint) => ({
  to: token,
  data: encodeFunctionData({ abi: ABI, functionName: 'transfer', args: [to, amount] }),
})

test('templates on the embedded chain', { skip }, async (context) => {
  const party = await startParty(context)
  const { account, stage } = party
  const { send, deploy, game, client, module } = stage
  const coin = await deploy('PermitToken')
  const gold = await deploy('PermitToken')
  const mint = (token: Address, to: Address) =>
    send({
      to: token,
      data: encodeFunctionData({ abi: ABI, functionName: 'mint', args: [to, 1_000_000n] }),
    })
  await mint(coin, account.address)
  const delegate = await DELEGATES['secp256k1']!()
  const frame = await frameFor(party, delegate)
  let salt = frame.salt
  /** What acts within a session that differs from those before. */
  const act = (session: Session) => signed(party, { ...session, salt: (salt += 1n) }, delegate)

  await context.test('game moves: so many, with so much at stake', async () => {
    const terms = { game, functions: ['move(uint8)'], moves: 3, stake: 100n, stakes: 150n }
    const play = await act(gameMoves(frame, terms))
    const before = (await movesOf(party)) as bigint

    await play(moveOf(stage, 100n), moveOf(stage, 0n))

    assert.equal(await movesOf(party), before + 2n)
    await assert.rejects(play(moveOf(stage, 51n)), /151 are spent, 150 are allowed/)
    await assert.rejects(play(moveOf(stage, 101n)), NOT_PERMITTED)
    const reset = encodeFunctionData({ abi: parseAbi(['function reset()']) })
    await assert.rejects(play({ to: game, data: reset }), NOT_PERMITTED)
    await assert.rejects(play(moveOf(stage, 0n), moveOf(stage, 0n)), /4 calls are made, 3 are/)
  })

  await context.test('a subscription: one price in each period, to one payee', async () => {
    const terms = { token: coin, payee: ANNA, price: 40n, period: 3_600, payments: 12 }
    const pay = await act(subscription(frame, terms))

    await pay(transfer(coin, ANNA, 40n))

    assert.equal(await balanceOf(party, coin, ANNA), 40n)
    await assert.rejects(pay(transfer(coin, ANNA, 40n)), /80 are spent, 40 are allowed/)
    await assert.rejects(pay(transfer(coin, ANNA, 39n)), NOT_PERMITTED)
    await assert.rejects(pay(transfer(coin, BERT, 40n)), NOT_PERMITTED)
  })

  await context.test('a trading bot: the proceeds to the account, approvals bounded', async () => {
    const router = await deploy('SwapRouter')
    const terms = {
      router,
      tokenIn: coin,
      tokenOut: gold,
      fee: 500,
      largest: 100n,
      leastOut: 90n,
      amount: 150n,
    }
    const trade = await act(tradingBot(frame, terms))
    const approve = (amount: bigint, spender = router) => ({
      to: coin,
      data: encodeFunctionData({ abi: ABI, functionName: 'approve', args: [spender, amount] }),
    })
    const swap = (amountIn: bigint, change = {}) => {
      const params = {
        tokenIn: coin,
        tokenOut: gold,
        fee: 500,
        recipient: account.address,
        amountIn,
        amountOutMinimum: 90n,
        sqrtPriceLimitX96: 0n,
        ...change,
      }
      return {
        to: router,
        data: encodeFunctionData({ abi: ABI, functionName: 'exactInputSingle', args: [params] }),
      }
    }

    await trade(approve(100n), swap(100n))

    assert.equal(await balanceOf(party, gold, account.address), 100n)
    await assert.rejects(trade(approve(51n)), /151 are spent, 150 are allowed/)
    await assert.rejects(trade(approve(10n, ANNA)), NOT_PERMITTED)
    await assert.rejects(trade(swap(10n, { recipient: ANNA })), NOT_PERMITTED)
    await assert.rejects(trade(swap(10n, { tokenOut: coin })), NOT_PERMITTED)
    await assert.rejects(trade(swap(10n, { amountOutMinimum: 89n })), NOT_PERMITTED)
    await assert.rejects(trade(transfer(coin, ANNA, 1n)), NOT_PERMITTED)
  })

  await context.test('a batch mint: so many calls, for one receiver', async () => {
    const collection = await deploy('Collectible')
    const terms = { collection, calls: 2, each: 3n, price: 300n }
    const collect = await act(batchMint(frame, terms))
    const mintFor = (to: Address, count: bigint) => ({
      to: collection,
      data: encodeFunctionData({ abi: ABI, functionName: 'mint', args: [to, count] }),
      value: 100n * count,
    })

    await collect(mintFor(account.address, 3n), mintFor(account.address, 2n))

    assert.equal(await balanceOf(party, collection, account.address), 5n)
    await assert.rejects(collect(mintFor(ANNA, 1n)), NOT_PERMITTED)
    await assert.rejects(collect(mintFor(account.address, 4n)), NOT_PERMITTED)
    await assert.rejects(collect(mintFor(account.address, 1n)), /3 calls are made, 2 are/)
  })

  await context.test('a second device: a passkey, daily amounts, no approvals', async () => {
    const passkey = await DELEGATES['passkey']!()
    const own = { ...(await frameFor(party, passkey)), salt: (salt += 1n) }
    const session = secondDevice(own, {
      native: { daily: 50n, receivers: [ANNA] },
      tokens: [{ token: coin, daily: 70n }],
    })
    const spend = await signed(party, session, passkey)

    await spend({ to: ANNA, value: 50n }, transfer(coin, BERT, 70n))

    assert.equal(await client.getBalance({ address: ANNA }), 50n)
    assert.equal(await balanceOf(party, coin, BERT), 70n)
    await assert.rejects(spend({ to: ANNA, value: 1n }), /51 are spent, 50 are allowed/)
    await assert.rejects(spend(transfer(coin, BERT, 1n)), /71 are spent, 70 are allowed/)
    await assert.rejects(spend({ to: BERT, value: 1n }), NOT_PERMITTED)
    const data = encodeFunctionData({ abi: ABI, functionName: 'approve', args: [BERT, 1n] })
    await assert.rejects(spend({ to: coin, data }), NOT_PERMITTED)
  })

  await context.test('an automation keeper: one function, without value', async () => {
    const keep = await act(
      automationKeeper(frame, { target: game, function: 'move(uint8)', calls: 2 }),
    )
    const before = (await movesOf(party)) as bigint

    await keep(moveOf(stage, 0n))

    assert.equal(await movesOf(party), before + 1n)
    await assert.rejects(keep(moveOf(stage, 1n)), NOT_PERMITTED)
    await assert.rejects(keep(moveOf(stage, 0n), moveOf(stage, 0n)), /3 calls are made, 2 are/)
  })

  await context.test('a payroll: several payees, one budget', async () => {
    const payees = [
      { payee: ANNA, salary: 300n },
      { payee: BERT, salary: 200n },
    ]
    const pay = await act(payroll(frame, { token: coin, payees, period: 3_600 }))
    const before = await balanceOf(party, coin, ANNA)

    await pay(transfer(coin, ANNA, 300n), transfer(coin, BERT, 199n))

    assert.equal(await balanceOf(party, coin, ANNA), before + 300n)
    await assert.rejects(pay(transfer(coin, BERT, 2n)), /501 are spent, 500 are allowed/)
    await assert.rejects(pay(transfer(coin, BERT, 201n)), NOT_PERMITTED)
    await assert.rejects(pay(transfer(coin, account.address, 1n)), NOT_PERMITTED)
  })

  await context.test('sign-in and permits: messages of an app, within bounds', async () => {
    const chainId = client.chain.id
    const domain = { name: 'Coin', version: '1', chainId, verifyingContract: coin }
    const deadline = BigInt(frame.validUntil)
    const login = (nonce: bigint): TypedDataDefinition => ({
      domain: { name: 'Forum', version: '1', chainId },
      types: { SignIn: [{ name: 'nonce', type: 'uint256' }] },
      primaryType: 'SignIn',
      message: { nonce },
    })
    const session = {
      ...signInAndPermits(frame, {
        signIn: [login(0n)],
        permits: [{ domain, spender: ANNA, most: 60n, deadline }],
        transfers: [{ domain, token: coin, amount: 7n, spender: stage.deployer, deadline }],
      }),
      salt: (salt += 1n),
    }
    await send(
      relayEnableCall(module, session, await party.signSession(sessionTypedData(module, session))),
    )
    const signer = await toSessionAccount({ account, module, session, delegate })
    const permit = (
      value: bigint,
      nonce: bigint,
      spender: Address = ANNA,
    ): TypedDataDefinition => ({
      domain,
      types: {
        Permit: [
          'owner:address',
          'spender:address',
          'value:uint256',
          'nonce:uint256',
          'deadline:uint256',
        ].map(field),
      },
      primaryType: 'Permit',
      message: { owner: account.address, spender, value, nonce, deadline },
    })
    const give = (amount: bigint, nonce: bigint): TypedDataDefinition => ({
      domain,
      types: {
        PermitTransferFrom: [
          'permitted:TokenPermissions',
          'spender:address',
          'nonce:uint256',
          'deadline:uint256',
        ].map(field),
        TokenPermissions: ['token:address', 'amount:uint256'].map(field),
      },
      primaryType: 'PermitTransferFrom',
      message: { permitted: { token: coin, amount }, spender: stage.deployer, nonce, deadline },
    })
    const before = await balanceOf(party, coin, BERT)

    const signature = await signer.signTypedData(login(5n))
    const hash = hashTypedData(login(5n))
    const answer = { abi: ABI, functionName: 'isValidSignature', args: [hash, signature] } as const
    assert.equal(await client.readContract({ address: account.address, ...answer }), '0x1626ba7e')
    const permitted = await signer.signTypedData(permit(60n, 0n))
    const args = [account.address, ANNA, 60n, deadline, permitted] as const
    await send({ to: coin, data: encodeFunctionData({ abi: ABI, functionName: 'permit', args }) })
    const given = await signer.signTypedData(give(7n, 1n))
    const taken = [account.address, BERT, 7n, deadline, given] as const
    await send({
      to: coin,
      data: encodeFunctionData({ abi: ABI, functionName: 'permitTransferFrom', args: taken }),
    })

    assert.equal(await balanceOf(party, coin, BERT), before + 7n)
    await assert.rejects(signer.signTypedData(permit(61n, 2n)), { code: 'NotSignable' })
    await assert.rejects(signer.signTypedData(permit(1n, 2n, BERT)), { code: 'NotSignable' })
    await assert.rejects(signer.signTypedData(give(8n, 2n)), { code: 'NotSignable' })
    assert.equal(readMessage(give(7n, 1n)).typeHash, session.signing[2]!.typeHash)
  })
})

function field(text: string) {
  const [name, type] = text.split(':') as [string, string]
  return { name, type }
}
