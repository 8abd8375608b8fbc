import assert from 'node:assert/strict'
import test from 'node:test'
import {
  type AccountKind,
  type Session,
  createSessionClient,
  detectAccountKind,
  installContext,
  installData,
  NO_PAYMASTER,
  readSession,
  revokeCall,
  secp256k1Delegate,
  sessionId,
  sessionTypedData,
  unpackSession,
  smartSessionAbi,
} from 'smart-session'
import {
  type Hex,
  encodeFunctionData,
  isAddressEqual,
  parseAbi,
  parseEther,
  parseEventLogs,
  toFunctionSelector,
} from 'viem'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import { ACCOUNTS, routeOf } from './e2e/accounts.js'
import { missing } from './e2e/processes.js'
import { GAME_ABI, type Stage, setStage } from './e2e/stage.js'

const isFull = process.env['SMART_SESSION_FULL'] !== undefined
const skip = isFull ? (missing() ?? false) : 'end to end, with a bundler: run scripts/test --full'
const MOVE = encodeFunctionData({ abi: GAME_ABI, functionName: 'move', args: [3] })
const INSTALL = parseAbi(['function installModule(uint256 type, address module, bytes data)'])

test('sessions end to end, with a bundler', { skip }, async (context) => {
  const stage = await setStage()
  context.after(stage.stop)
  for (const [kind, make] of Object.entries(ACCOUNTS)) {
    await context.test(kind, () => play(stage, kind as AccountKind, make))
  }
})

async function play(stage: Stage, kind: AccountKind, make: (typeof ACCOUNTS)['kernel'] & {}) {
  const { client, bundler, module, game } = stage
  const owner = privateKeyToAccount(generatePrivateKey())
  const made = await make(stage, owner)
  const { account } = made
  await stage.send({ to: account.address, value: parseEther('1') })
  const landed = async (hash: Hex) => {
    const receipt = await bundler.waitForUserOperationReceipt({ hash, timeout: 30_000 })
    assert.ok(receipt.success, `${kind}: ${receipt.reason}`)
    return receipt
  }
  const asOwner = (call: { to: Hex; data: Hex }) =>
    bundler.sendUserOperation({ account, calls: [call] }).then(landed)

  const data = installData({ route: routeOf(kind, made) })
  const args = [1n, module, installContext(kind, data)] as const
  await asOwner({ to: account.address, data: encodeFunctionData({ abi: INSTALL, args }) })
  assert.equal(await detectAccountKind(client, account.address), kind)

  const delegate = secp256k1Delegate(generatePrivateKey())
  const now = Number((await client.getBlock()).timestamp)
  const session: Session = {
    account: account.address,
    chains: [{ chainId: BigInt(client.chain.id), epoch: 0n }],
    delegate: delegate.address,
    delegateKind: delegate.kind,
    validAfter: now - 60,
    validUntil: now + 2 * 60 * 60,
    maxCalls: 4,
    feeLimit: parseEther('0.5'),
    paymaster: NO_PAYMASTER,
    permissions: [
      {
        target: game,
        selector: toFunctionSelector('move(uint8)'),
        valueLimit: parseEther('0.01'),
        rules: [],
      },
    ],
    budgets: [],
    signing: [],
    salt: 1n,
  }
  const ownerSignature = await made.signSession(sessionTypedData(module, session))
  const terms = { account, module, session, delegate, ownerSignature }
  const player = await createSessionClient(bundler, terms)
  const move = (value: bigint) => ({ to: game, data: MOVE, value })

  const enabled = await landed(await player.send([move(5n)]))
  const used = await landed(await player.send([move(1n), move(2n)]))

  const [event] = parseEventLogs({
    abi: smartSessionAbi,
    eventName: 'SessionEnabled',
    // An enabling happens in validation, before the operation's own logs.
    logs: enabled.receipt.logs,
  })
  assert.equal(event?.args.sessionId, sessionId(session))
  assert.equal(sessionId(unpackSession(account.address, event.args.session)), sessionId(session))
  const moved = parseEventLogs({ abi: GAME_ABI, eventName: 'Moved', logs: used.logs })
  assert.equal(moved.length, 2)
  const { player: who } = moved[0]!.args as unknown as { player: Hex }
  assert.ok(isAddressEqual(who, account.address))
  const moves = await client.readContract({
    address: game,
    abi: GAME_ABI,
    functionName: 'moves',
    args: [account.address],
  })
  assert.equal(moves, 3n)
  const state = await readSession(client, module, session)
  assert.deepEqual([state.status, state.calls], ['enabled', 3])

  await assert.rejects(player.send([move(parseEther('0.02'))]), { code: 'NotPermitted' })
  // Only the chain knows that one call is left.
  await assert.rejects(player.send([move(1n), move(2n)]), (error: Error & { code: string }) => {
    // A Safe keeps its validator's reasons to itself.
    if (kind === 'safe7579') return /AA23|reverted/.test(error.message)
    assert.equal(error.code, 'Rejected')
    assert.match(error.message, /with this operation 5 calls are made, 4 are allowed/)
    return true
  })

  await asOwner(revokeCall(module, sessionId(session)))
  await assert.rejects(player.send([move(1n)]), { code: 'SessionRevokedForEver' })
}
