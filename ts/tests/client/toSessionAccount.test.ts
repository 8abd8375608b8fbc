import assert from 'node:assert/strict'
import test from 'node:test'
import {
  type Session,
  createSessionClient,
  secp256k1Delegate,
  toSessionAccount,
} from 'smart-session'
import { draftSignature, nonceKey, readMessage, signatureDigest } from 'smart-session/format'
import { sessionTypedData } from 'smart-session/owner'
import { type TypedDataDefinition, concat, hashTypedData, recoverAddress } from 'viem'
import { type Answers, imagine } from '../chain.js'
import { ALICE, MODULE, MOMENT, game, repeat } from '../sessions.js'

const delegate = secp256k1Delegate(`0x${'07'.repeat(32)}`)
const session: Session = { ...game, delegate: delegate.address }

async function clientOf(answers: Answers, change: Partial<Session> = {}) {
  const chain = await imagine(ALICE, { blockTime: () => MOMENT, ...answers })
  const terms = { account: chain.account, module: MODULE, delegate, now: () => MOMENT }
  const granted = { ...session, ...change }
  const client = await createSessionClient(chain.bundler, { ...terms, session: granted })
  return { ...chain, client }
}

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
  const chains = [{ chainId: 1n, epoch: 0n }]
  await refused('ChainNotListed', { session: { ...session, chains } })
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

test('a key that is asked for is a lane, and the rest of the key selects the module', async () => {
  const { client } = await clientOf({ accountId: 'kernel.advanced.v0.3.1' })

  const nonce = await client.account.getNonce({ key: 258n })
  assert.equal(nonce, (nonceKey('kernel', MODULE, 258) << 64n) + 3n)
  await assert.rejects(client.account.getNonce({ key: 65_536n }), { code: 'LaneTooWide' })
})
