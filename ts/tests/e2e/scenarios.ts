// What is played with every account.

import assert from 'node:assert/strict'
import {
  NATIVE,
  createSessionClient,
  executeCall,
  ownBundler,
  readBudgets,
  readSession,
  relayRenounceCall,
  remaining,
  secp256k1Delegate,
  sessionId,
  sessionStatus,
  toSessionAccount,
} from 'smart-session'
import { explainFailure } from 'smart-session/errors'
import {
  draftUse,
  dummyOperation,
  encodeExecutions,
  readMessage,
  smartSessionAbi,
  unpackSession,
} from 'smart-session/format'
import {
  checkSession,
  leaveCalls,
  listSessions,
  readEpoch,
  readFacts,
  relayEnableCall,
  revokeAllCall,
  revokeCall,
  sessionTypedData,
  sessionWarnings,
} from 'smart-session/owner'
import {
  type Address,
  type Hex,
  type TypedDataDefinition,
  encodeFunctionData,
  hashTypedData,
  isAddressEqual,
  keccak256,
  pad,
  parseAbi,
  parseEther,
  parseEventLogs,
  slice,
} from 'viem'
import { generatePrivateKey } from 'viem/accounts'
import { DELEGATES, type Party, moveOf, movesOf } from './party.js'
import { GAME_ABI } from './stage.js'

export type Scenario = (party: Party) => Promise<void>

/** A session is enabled by its first move, used, refused, and ended by the owner. */
function moves(kindOfKey: keyof typeof DELEGATES): Scenario {
  return async (party) => {
    const { account, kind, stage, landed, signSession } = party
    const { client, bundler, module } = stage
    const delegate = await DELEGATES[kindOfKey]!()
    const session = await party.sessionFor(delegate)
    const ownerSignature = await signSession(sessionTypedData(module, session))
    const terms = { account, module, session, delegate, ownerSignature }
    const player = await createSessionClient(bundler, terms)
    const before = (await movesOf(party)) as bigint

    const enabled = await landed(await player.send([moveOf(stage, 5n)]))
    const used = await landed(await player.send([moveOf(stage, 1n), moveOf(stage, 2n)]))

    // An enabling happens in validation, before the operation's own logs.
    const { logs } = enabled.receipt
    const [event] = parseEventLogs({ abi: smartSessionAbi, eventName: 'SessionEnabled', logs })
    const id = sessionId(session)
    assert.equal(event?.args.sessionId, id)
    assert.equal(sessionId(unpackSession(account.address, event.args.session)), id)
    const moved = parseEventLogs({ abi: GAME_ABI, eventName: 'Moved', logs: used.logs })
    assert.equal(moved.length, 2)
    for (const { args } of moved) {
      assert.ok(isAddressEqual((args as unknown as { player: Address }).player, account.address))
    }
    assert.equal(await movesOf(party), before + 3n)
    const state = await readSession(client, module, session)
    assert.deepEqual([state.status, state.calls], ['enabled', 3])

    const tooMuch = player.send([moveOf(stage, parseEther('0.02'))])
    await assert.rejects(tooMuch, { code: 'NotPermitted' })
    // Only the chain knows that one call is left.
    const tooMany = player.send([moveOf(stage, 1n), moveOf(stage, 2n)])
    await assert.rejects(tooMany, (error: Error & { code: string }) => {
      // A Safe keeps its validator's reasons to itself.
      if (kind === 'safe7579') return /AA23|reverted/.test(error.message)
      assert.equal(error.code, 'Rejected')
      assert.match(error.message, /with this operation 5 calls are made, 4 are allowed/)
      return true
    })

    await party.asOwner(revokeCall(module, id))
    await assert.rejects(player.send([moveOf(stage, 1n)]), { code: 'SessionRevokedForEver' })
  }
}

/** A session signs an app's messages, within its scope's bounds. */
async function signsForAnApp(party: Party): Promise<void> {
  const { account, stage, signSession } = party
  const { client, module } = stage
  const order = (amount: bigint): TypedDataDefinition => ({
    domain: {
      name: 'Market',
      version: '1',
      chainId: client.chain.id,
      verifyingContract: stage.game,
    },
    types: {
      Order: [
        { name: 'maker', type: 'address' },
        { name: 'amount', type: 'uint256' },
        { name: 'note', type: 'string' },
      ],
    },
    primaryType: 'Order',
    message: { maker: account.address, amount, note: 'two apples' },
  })
  const { domainSeparator, typeHash } = readMessage(order(0n))
  const rules = [{ index: 1, min: 1n, max: 100n }]
  const delegate = await DELEGATES['secp256k1']!()
  const signing = [{ domainSeparator, typeHash, rules }]
  const session = await party.sessionFor(delegate, { signing })
  const signer = await toSessionAccount({ account, module, session, delegate })
  const answer = (amount: bigint, signature: Hex) =>
    client.readContract({
      address: account.address,
      abi: parseAbi([
        'function isValidSignature(bytes32 hash, bytes signature) view returns (bytes4)',
      ]),
      functionName: 'isValidSignature',
      args: [hashTypedData(order(amount)), signature],
    })

  const signature = await signer.signTypedData(order(100n))
  assert.equal(await answer(100n, signature), '0xffffffff', 'not enabled yet')
  const ownerSignature = await signSession(sessionTypedData(module, session))
  await stage.send(relayEnableCall(module, session, ownerSignature))

  assert.equal(await answer(100n, signature), '0x1626ba7e')
  assert.equal(await answer(99n, signature), '0xffffffff', 'another message')
  await assert.rejects(signer.signTypedData(order(101n)), { code: 'NotSignable' })
  await assert.rejects(signer.signMessage({ message: 'hello' }), { code: 'NotForSessions' })

  await stage.send(await relayRenounceCall(module, session, delegate))
  assert.equal(await answer(100n, signature), '0xffffffff', 'ended by its delegate')
}

/** A delegate acts by its own transaction, and budgets tell what is left. */
async function actsDirectly(party: Party): Promise<void> {
  const { stage, signSession } = party
  const { client, module } = stage
  const key = generatePrivateKey()
  const delegate = secp256k1Delegate(key)
  const budgets = [{ token: NATIVE, amount: 1_000n, period: 3_600 }]
  const session = await party.sessionFor(delegate, { budgets })
  const ownerSignature = await signSession(sessionTypedData(module, session))
  await stage.send({ to: delegate.address, value: parseEther('1') })
  const execution = (value: bigint) => {
    const { to, data } = moveOf(stage, value)
    return { target: to, value, callData: data }
  }
  const chainId = BigInt(client.chain.id)
  const before = (await movesOf(party)) as bigint

  const first = { session, chainId, executions: [execution(400n)], ownerSignature }
  await stage.send(executeCall(module, first), key)
  const batch = { session, chainId, executions: [execution(100n), execution(200n)] }
  await stage.send(executeCall(module, batch), key)

  assert.equal(await movesOf(party), before + 3n)
  assert.equal((await readSession(client, module, session)).calls, 3)
  assert.deepEqual(await readBudgets(client, module, session), [{ spent: 700n, remaining: 300n }])
  const tooMuch = executeCall(module, { session, chainId, executions: [execution(301n)] })
  await assert.rejects(
    client.call({ account: delegate.address, ...tooMuch }),
    (error) =>
      explainFailure(error) === 'budget 0: with this operation 1001 are spent, 1000 are allowed',
  )
  await assert.rejects(
    client.call({ account: stage.game, ...tooMuch }),
    (error) =>
      explainFailure(error)?.includes('asks without the signature of the delegate') ?? false,
  )

  await party.asOwner(revokeAllCall(module))
  const late = executeCall(module, { session, chainId, executions: [execution(1n)] })
  await assert.rejects(
    client.call({ account: delegate.address, ...late }),
    (error) => explainFailure(error)?.startsWith('the session is of epoch 0') ?? false,
  )
}

/** What an account is made of is found, and no session is built for it. */
async function knowsItself(party: Party): Promise<void> {
  const { account, kind, stage, ownerValidator } = party
  const { client, module, game } = stage
  const delegate = await DELEGATES['secp256k1']!()
  const session = await party.sessionFor(delegate)
  const facts = await readFacts(client, module, session)
  checkSession(session, module, facts)
  assert.deepEqual(sessionWarnings(session, facts), [])
  assert.deepEqual(facts.epochs, [{ chainId: BigInt(client.chain.id), epoch: 0n }])

  // A Safe has no validator but its adapter, which is its fallback handler.
  const handler = pad(`0x6c9a6c4a39284e37ed1cf53d337577d14212a4870fb976a4366c693b939918d5`)
  const slot = { address: account.address, slot: handler }
  const own = kind === 'safe7579' ? slice((await client.getStorageAt(slot))!, 12) : ownerValidator
  assert.ok(BigInt(own) !== 0n && !isAddressEqual(own, game))
  const permissions = [{ ...session.permissions[0]!, target: own }]
  const risky = { ...session, permissions }
  const known = await readFacts(client, module, risky)
  assert.throws(() => checkSession(risky, module, known), { code: 'BannedTarget' })

  const [domainSeparator] = known.accountDomains
  assert.ok(domainSeparator, 'the account tells its domain')
  const typeHash = keccak256('0x01')
  const signing = [{ domainSeparator, typeHash, rules: [{ index: 0, min: 1n, max: 1n }] }]
  const codes = sessionWarnings({ ...session, signing }, known).map(({ code }) => code)
  assert.deepEqual(codes, ['AccountDomain'])
}

/** The module's gas for client data that is longer than what was estimated with. */
async function estimatesPasskeys(party: Party): Promise<void> {
  const { account, stage, signSession } = party
  const { client, module, game } = stage
  const session = await party.sessionFor(await DELEGATES['passkey']!())
  const ownerSignature = await signSession(sessionTypedData(module, session))
  await stage.send(relayEnableCall(module, session, ownerSignature))
  const { to, data, value } = moveOf(stage, 1n)
  const { mode, executionCalldata } = encodeExecutions([{ target: to, callData: data, value }])
  assert.equal(to, game)
  const callData = encodeFunctionData({
    abi: parseAbi(['function execute(bytes32 mode, bytes executionCalldata)']),
    args: [mode, executionCalldata],
  })
  const draft = draftUse({ session, permissions: [0] })
  const gasWith = async (clientDataLength: number) => {
    const userOp = {
      sender: account.address,
      nonce: 0n,
      initCode: '0x',
      callData,
      accountGasLimits: pad('0x01'),
      preVerificationGas: 1n,
      gasFees: pad('0x01'),
      paymasterAndData: '0x',
      signature: dummyOperation(draft, clientDataLength),
    } as const
    const args = [userOp, pad('0x01')] as const
    const call = encodeFunctionData({ abi: smartSessionAbi, functionName: 'validateUserOp', args })
    const gas = await client.estimateGas({ account: account.address, to: module, data: call })
    // What the transaction pays for the bytes themselves is no cost of validation.
    const bytes = call.slice(2).match(/../g)!
    return gas - BigInt(bytes.reduce((sum, byte) => sum + (byte === '00' ? 4 : 16), 0))
  }

  const usual = await gasWith(256)
  for (const length of [288, 320, 352]) {
    const more = (await gasWith(length)) - usual
    assert.ok(more >= 0n && more < 50n, `${length - 256} bytes more cost ${more} gas`)
  }
}

/** A sponsor brings a delegate's operations to the EntryPoint: no bundler. */
async function actsWithoutBundler(party: Party): Promise<void> {
  const { account, stage, signSession } = party
  const { module, wallet } = stage
  const delegate = await DELEGATES['passkey']!()
  const session = await party.sessionFor(delegate)
  const ownerSignature = await signSession(sessionTypedData(module, session))
  const terms = { account, module, session, delegate, ownerSignature }
  const player = await createSessionClient(ownBundler({ wallet }), terms)
  const before = (await movesOf(party)) as bigint

  for (const calls of [[moveOf(stage, 5n)], [moveOf(stage, 1n), moveOf(stage, 2n)]]) {
    const { success, logs } = await player.waitFor(await player.send(calls))
    assert.ok(success)
    const moved = parseEventLogs({ abi: GAME_ABI, eventName: 'Moved', logs: [...logs] })
    assert.equal(moved.length, calls.length)
  }

  assert.equal(await movesOf(party), before + 3n)
  assert.equal((await remaining(stage.client, module, session)).calls, 1)
  assert.equal(await sessionStatus(stage.client, module, session), 'live')
  const tooMany = player.send([moveOf(stage, 1n), moveOf(stage, 2n)])
  await assert.rejects(tooMany, { code: 'Rejected' })
  const listed = await listSessions(stage.client, module, { account: account.address })
  assert.equal(listed.sessions.at(-1)?.id, sessionId(session))
  assert.ok(listed.sessions.every((each) => each.session?.account === account.address))
}

/** An account ends all sessions and uninstalls both types in one batch. */
async function leaves(party: Party): Promise<void> {
  const { account, kind, stage } = party
  const { client, bundler, module } = stage
  const epoch = await readEpoch(client, module, account.address)

  const calls = await leaveCalls(client, module, account.address, kind)
  assert.equal(calls.length, 4)
  await party.landed(await bundler.sendUserOperation({ account, calls }))

  assert.notEqual(await readEpoch(client, module, account.address), epoch)
  const abi = parseAbi(['function isInitialized(address account) view returns (bool)'])
  const asked = { address: module, abi, functionName: 'isInitialized' } as const
  assert.equal(await client.readContract({ ...asked, args: [account.address] }), false)
  await assert.rejects(leaveCalls(client, module, account.address, kind), { code: 'NotInstalled' })
}

/** By name. The last one takes the module off the account. */
export const SCENARIOS: { [name: string]: Scenario } = {
  'a secp256k1 delegate moves': moves('secp256k1'),
  'a P-256 delegate moves': moves('P-256'),
  'a passkey moves': moves('passkey'),
  'a session signs for an app': signsForAnApp,
  'an account knows what it is made of': knowsItself,
  'a delegate acts directly': actsDirectly,
  'estimates for passkeys': estimatesPasskeys,
  'a delegate acts without a bundler': actsWithoutBundler,
  'an account leaves': leaves,
}
