// An account with the module installed, its owner, and sessions of it.

import assert from 'node:assert/strict'
import {
  type AccountKind,
  type Delegate,
  NO_PAYMASTER,
  type Session,
  p256Delegate,
  secp256k1Delegate,
  webAuthnDelegate,
} from 'smart-session'
import { installContext, installData, readEpoch } from 'smart-session/owner'
import {
  type Address,
  type Hex,
  encodeFunctionData,
  parseAbi,
  parseEther,
  toFunctionSelector,
} from 'viem'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import { p256Keys, passkey, pointOf } from '../keys.js'
import { type Maker, type Made, routeOf } from './accounts.js'
import { GAME_ABI, type Stage } from './stage.js'

const INSTALL = parseAbi(['function installModule(uint256 type, address module, bytes data)'])

export type Party = Made & {
  kind: AccountKind
  stage: Stage
  /** Waits until an operation has landed and succeeded. */
  landed: (hash: Hex) => ReturnType<typeof wait>
  /** Lets the account make a call, by its owner's operation. */
  asOwner: (call: { to: Address; data: Hex }) => Promise<unknown>
  /** A session of the account for a delegate: up to four moves in two hours. */
  sessionFor: (delegate: Delegate, change?: Partial<Session>) => Promise<Session>
}

async function wait({ bundler }: Stage, hash: Hex) {
  const receipt = await bundler.waitForUserOperationReceipt({ hash, timeout: 30_000 })
  assert.ok(receipt.success, `the operation succeeds: ${receipt.reason}`)
  return receipt
}

/** Makes an account and installs the module on it, as validator and as executor. */
export async function partyOf(stage: Stage, kind: AccountKind, make: Maker): Promise<Party> {
  const { client, bundler, module, game } = stage
  const made = await make(stage, privateKeyToAccount(generatePrivateKey()))
  const { account } = made
  await stage.send({ to: account.address, value: parseEther('1') })
  const landed = (hash: Hex) => wait(stage, hash)
  const asOwner: Party['asOwner'] = (call) =>
    bundler.sendUserOperation({ account, calls: [call] }).then(landed)

  for (const [type, as] of [[1n, 'validator'] as const, [2n, 'executor'] as const]) {
    const data = installData({ as, route: routeOf(kind, made) })
    const args = [type, module, installContext(kind, data, as)] as const
    await asOwner({ to: account.address, data: encodeFunctionData({ abi: INSTALL, args }) })
  }

  let salt = 0n
  const sessionFor: Party['sessionFor'] = async (delegate, change = {}) => {
    const now = Number((await client.getBlock()).timestamp)
    const epoch = await readEpoch(client, module, account.address)
    salt += 1n
    return {
      account: account.address,
      chains: [{ chainId: BigInt(client.chain.id), epoch }],
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
      salt,
      ...change,
    }
  }
  return { ...made, kind, stage, landed, asOwner, sessionFor }
}

/** One move in the game. */
export function moveOf({ game }: Stage, value: bigint) {
  return {
    to: game,
    data: encodeFunctionData({ abi: GAME_ABI, functionName: 'move', args: [3] }),
    value,
  }
}

/** How often an account has moved. */
export function movesOf({ stage: { client, game }, account }: Party): Promise<unknown> {
  const args = [account.address]
  return client.readContract({ address: game, abi: GAME_ABI, functionName: 'moves', args })
}

/** A delegate of each kind of key. */
export const DELEGATES: { [name: string]: () => Promise<Delegate> } = {
  secp256k1: async () => secp256k1Delegate(generatePrivateKey()),
  'P-256': async () => p256Delegate(await p256Keys()),
  async passkey() {
    const keys = await p256Keys()
    return webAuthnDelegate(passkey(keys, await pointOf(keys)))
  },
}
