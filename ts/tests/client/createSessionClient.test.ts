import assert from 'node:assert/strict'
import test from 'node:test'
import {
  type Session,
  createSessionClient,
  detectAccountKind,
  discloseUsed,
  draftEnable,
  draftSignature,
  draftUse,
  nonceKey,
  operationDigest,
  readMessage,
  secp256k1Delegate,
  sessionId,
  sessionTypedData,
  signatureDigest,
  smartSessionAbi,
  toSessionAccount,
} from 'smart-session'
import {
  type Hex,
  type TypedDataDefinition,
  concat,
  encodeErrorResult,
  hashTypedData,
  recoverAddress,
  size,
} from 'viem'
import { getUserOperationHash } from 'viem/account-abstraction'
import { type Answers, ENTRY_POINT, type SentOperation, imagine } from '../chain.js'
import { ALICE, GAME, MODULE, MOMENT, MOVE, game, repeat, rich } from '../sessions.js'

const delegate = secp256k1Delegate(`0x${'07'.repeat(32)}`)
const session: Session = { ...game, delegate: delegate.address }
const ownerSignature: Hex = '0x0e0e'
const move = { to: GAME, data: MOVE, value: 5n }

async function clientOf(answers: Answers, change: Partial<Session> = {}, owner?: Hex) {
  const chain = await imagine(ALICE, answers)
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

/** The hash that the EntryPoint computes of what was sent. */
function hashOf(sent: SentOperation): Hex {
  const { nonce, callData, ...rest } = sent as SentOperation & Record<string, Hex>
  const number = (name: string) => BigInt((rest as Record<string, Hex>)[name]!)
  return getUserOperationHash({
    chainId: 42161,
    entryPointAddress: ENTRY_POINT,
    entryPointVersion: '0.7',
    userOperation: {
      sender: ALICE,
      nonce: BigInt(nonce),
      callData,
      callGasLimit: number('callGasLimit'),
      verificationGasLimit: number('verificationGasLimit'),
      preVerificationGas: number('preVerificationGas'),
      maxFeePerGas: number('maxFeePerGas'),
      maxPriorityFeePerGas: number('maxPriorityFeePerGas'),
      signature: '0x',
    },
  })
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
    return BigInt((sent[0] as SentOperation & Record<string, Hex>)['verificationGasLimit']!)
  }

  assert.equal(await limit({}), 3n)
  assert.equal(await limit({ startGas: 16_000n }), 3n + 16_000n - 2n)
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
  await refused('ChainNotListed', { status: 1 }, { chains: [{ chainId: 1n, epoch: 0n }] })
  await refused('NotPermitted', { status: 1 }, {}, { ...move, to: repeat('77') })
  const later = { budgets: rich.budgets, validAfter: MOMENT + 1 }
  await refused('ClaimedTimeOutsideWindow', { status: 1 }, later)
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

test('other refusals of a bundler come through as they are', async () => {
  const { client } = await clientOf({ status: 1, refusal: 'AA21 did not pay prefund' })

  await assert.rejects(client.send([move]), /AA21/)
})

test('account, session and delegate must belong together', async () => {
  const { account } = await imagine(ALICE)
  const refused = (code: string, change: object) =>
    assert.rejects(toSessionAccount({ account, module: MODULE, session, delegate, ...change }), {
      name: 'SessionRefused',
      code,
    })

  await refused('WrongAccount', { session: { ...session, account: repeat('b0') } })
  await refused('WrongKey', { session: { ...session, delegate: repeat('de') } })
  await refused('WrongKey', { session: { ...session, delegateKind: 1 } })
  const entryPoint = { ...account.entryPoint, version: '0.6' }
  await refused('UnsupportedEntryPoint', { account: { ...account, entryPoint } })
})

test('a session account signs nothing for its owner', async () => {
  const { client } = await clientOf({})

  await assert.rejects(client.account.signMessage({ message: 'hello' }), { code: 'NotForSessions' })
  await assert.rejects(client.account.sign!({ hash: client.sessionId }), { code: 'NotForSessions' })
  const typedData = sessionTypedData(MODULE, session)
  await assert.rejects(client.account.signTypedData(typedData), { code: 'NotForSessions' })
})

test('a session account signs what its scopes are for, as each account asks', async () => {
  const typedData = (amount: bigint): TypedDataDefinition => ({
    domain: { name: 'Market', chainId: 42161 },
    types: { Order: [{ name: 'amount', type: 'uint256' }] },
    primaryType: 'Order',
    message: { amount },
  })
  const message = readMessage(typedData(5n))
  const { domainSeparator, typeHash } = message
  const signing = [{ domainSeparator, typeHash, rules: [{ index: 0, min: 0n, max: 5n }] }]
  const change = { ...session, signing }
  const draft = draftSignature(change, message, { chainId: 42161n, permissions: [], signing: [0] })
  const kernelHash = hashTypedData({
    domain: { name: 'Kernel', version: '0.3.1', chainId: 42161, verifyingContract: ALICE },
    types: { Kernel: [{ name: 'hash', type: 'bytes32' }] },
    primaryType: 'Kernel',
    message: { hash: hashTypedData(typedData(5n)) },
  })

  for (const [accountId, prefix, asked] of [
    ['biconomy.nexus.1.0.0', MODULE, hashTypedData(typedData(5n))],
    ['kernel.advanced.v0.3.1', concat(['0x01', MODULE]), kernelHash],
  ] as const) {
    const { client } = await clientOf({ accountId }, { signing })
    const signature = await client.account.signTypedData(typedData(5n))

    const start = concat([prefix, draft.disclosed])
    assert.ok(signature.startsWith(start), accountId)
    const signer = await recoverAddress({
      hash: signatureDigest(MODULE, draft, asked),
      signature: `0x${signature.slice(start.length)}`,
    })
    assert.equal(signer, delegate.address, accountId)
    await assert.rejects(client.account.signTypedData(typedData(6n)), { code: 'NotSignable' })
  }
})

test('accounts are known by what they call themselves', async () => {
  const kindOf = async (accountId: string) =>
    detectAccountKind((await imagine(ALICE, { accountId })).client, ALICE)

  assert.equal(await kindOf('kernel.advanced.v0.3.1'), 'kernel')
  assert.equal(await kindOf('biconomy.nexus.1.0.0'), 'nexus')
  assert.equal(await kindOf('rhinestone.safe7579.v1.0.0'), 'safe7579')
  assert.equal(await kindOf('uMSA.advanced/withHook.v0.1'), 'msa')
  assert.equal(await kindOf('@openzeppelin/contracts.AccountERC7579Hooked.v1.0.0'), 'openzeppelin')
  await assert.rejects(kindOf('someone.else.v1'), { code: 'UnknownAccountKind' })
})
