// A client that is not this project's redeems sessions: MetaMask's Smart Accounts Kit.

import assert from 'node:assert/strict'
import test from 'node:test'
import { readSession } from 'smart-session'
import { type PermissionRequest, fromPermissionRequest } from 'smart-session/from'
import { ownerActions } from 'smart-session/owner'
import { type PermissionResponse, readPermissionResponse } from 'smart-session/permissions'
import {
  type Address,
  type Hex,
  createWalletClient,
  encodeFunctionData,
  isAddressEqual,
  erc20Abi,
  http,
  parseEther,
} from 'viem'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import { sdk, skip as skipSdks } from '../from/sdks.js'
import { repeat } from '../sessions.js'
import { balanceOf, frameFor, isFull, skip as skipChain, startParty } from './chainTests.js'
import { DELEGATES, type Party } from './party.js'

const skip = skipChain || skipSdks
const FRIEND = repeat('f1')
const SINGLE: Hex = `0x${'00'.repeat(32)}`
const BATCH: Hex = `0x01${'00'.repeat(31)}`
const KIT = '@metamask/smart-accounts-kit'

/** What the kit gives an app for a permission. */
type GrantedByWallet = { context: Hex; delegationManager: Address; from: Address; to: Address }

const pay = (token: Address, amount: bigint) => ({
  target: token,
  value: 0n,
  callData: encodeFunctionData({
    abi: erc20Abi,
    functionName: 'transfer',
    args: [FRIEND, amount],
  }),
})

/** Lets an app ask by the kit's own ERC-7715 action, and a wallet grant it as a session. */
async function ask(party: Party, token: Address, delegate: Address): Promise<GrantedByWallet> {
  const { account, stage, signSession } = party
  const { client, module } = stage
  const { validAfter, validUntil, chains } = await frameFor(party, await DELEGATES['secp256k1']!())
  const owner = client.extend(ownerActions({ module }))
  const wallet = {
    async request({ method, params }: { method: string; params: PermissionRequest[] }) {
      assert.equal(method, 'wallet_requestExecutionPermissions')
      const [request] = params as [PermissionRequest]
      const { session, refusals } = fromPermissionRequest(request, {
        account: account.address,
        chainId: BigInt(client.chain.id),
        epoch: chains[0]!.epoch,
        module,
        feeLimit: parseEther('0.05'),
        salt: BigInt(delegate) % 2n ** 60n,
        validAfter,
        validUntil,
      })
      assert.ok(session, JSON.stringify(refusals))
      const signer = { ...account, signTypedData: signSession as never }
      const granted = await owner.grantPermission({ account: signer, session, request })
      // It travels as JSON.
      return [JSON.parse(JSON.stringify(granted)) as PermissionResponse]
    },
  }
  const { erc7715ProviderActions } = sdk(`${KIT}/actions`)
  const [granted] = await erc7715ProviderActions()(wallet).requestExecutionPermissions([
    {
      chainId: client.chain.id,
      from: account.address,
      to: delegate,
      expiry: validUntil,
      permission: {
        type: 'erc20-token-periodic',
        isAdjustmentAllowed: true,
        data: { tokenAddress: token, periodAmount: 500n, periodDuration: 3_600 },
      },
    },
  ])
  assert.ok(isAddressEqual(granted.delegationManager, module))
  return granted
}

test('MetaMask\'s kit redeems sessions on the embedded chain', { skip }, async (context) => {
  const party = await startParty(context, { withAlto: isFull })
  const { account, stage } = party
  const { client, wallet, bundler, module, entryPoint, deploy, send } = stage
  const { version } = sdk(`${KIT}/package.json`)
  assert.equal(version, '2.0.0')
  const token = await deploy('PermitToken')
  const mint = { abi: [...erc20Abi, MINT], functionName: 'mint', args: [account.address, 10_000n] }
  await send({ to: token, data: encodeFunctionData(mint as never) })
  const paid = () => balanceOf(party, token, FRIEND)
  const transport = http(client.chain.rpcUrls.default.http[0])

  const app = privateKeyToAccount(generatePrivateKey())
  await send({ to: app.address, value: parseEther('1') })
  const appWallet = createWalletClient({ account: app, chain: client.chain, transport })
  const granted = await ask(party, token, app.address)
  const { DelegationManager } = sdk(`${KIT}/contracts`)
  const redeem = async (delegations: Hex[], modes: Hex[], executions: unknown[][]) => {
    const data = DelegationManager.encode.redeemDelegations({ delegations, modes, executions })
    const hash = await appWallet.sendTransaction({ to: granted.delegationManager, data })
    const { status } = await client.waitForTransactionReceipt({ hash })
    assert.equal(status, 'success')
  }

  await context.test('what it was granted is the session', async () => {
    const { session, ownerSignature } = readPermissionResponse(
      granted as never as PermissionResponse,
      module,
    )

    assert.equal(session.delegate.toLowerCase(), app.address.toLowerCase())
    assert.ok(ownerSignature)
    assert.equal((await readSession(client, module, session)).status, 'unknown')
  })

  await context.test('its encoder redeems one context', async () => {
    const had = await paid()

    await redeem([granted.context], [SINGLE], [[pay(token, 100n)]])

    assert.equal(await paid(), had + 100n)
  })

  await context.test('its encoder redeems two contexts, one with a batch', async () => {
    const had = await paid()
    const contexts = [granted.context, granted.context]
    const calls = [[pay(token, 100n)], [pay(token, 100n), pay(token, 50n)]]

    await redeem(contexts, [SINGLE, BATCH], calls)

    assert.equal(await paid(), had + 250n)
    await assert.rejects(redeem([granted.context], [SINGLE], [[pay(token, 151n)]]))
    assert.equal(await paid(), had + 250n)
  })

  await context.test('its bundler actions redeem, from its own smart account', async () => {
    const { deploySmartAccountsEnvironment } = sdk(`${KIT}/utils`)
    const { toMetaMaskSmartAccount, Implementation } = sdk(KIT)
    const { erc7710BundlerActions } = sdk(`${KIT}/actions`)
    const deployed = { EntryPoint: entryPoint }
    const environment = await deploySmartAccountsEnvironment(
      wallet,
      client,
      client.chain,
      deployed,
    )
    const delegate = await toMetaMaskSmartAccount({
      client,
      implementation: Implementation.Hybrid,
      deployParams: [app.address, [], [], []],
      deploySalt: '0x',
      signer: { account: app },
      environment,
    })
    await send({ to: delegate.address, value: parseEther('1') })
    const own = await ask(party, token, delegate.address)
    const { context: permissionContext, delegationManager } = own
    const had = await paid()
    const { callData: data } = pay(token, 70n)
    const call = { to: token, value: 0n, data, permissionContext, delegationManager }

    const acting = erc7710BundlerActions()(bundler)
    const hash = await acting.sendUserOperationWithDelegation({
      publicClient: client,
      account: delegate,
      calls: [call, call],
    })

    const { success } = await bundler.waitForUserOperationReceipt({ hash, timeout: 30_000 })
    assert.ok(success)
    assert.equal(await paid(), had + 140n)
    const { session } = readPermissionResponse(own as never as PermissionResponse, module)
    assert.equal((await readSession(client, module, session)).status, 'enabled')
  })

  await context.test('its wallet action takes its own manager only', async () => {
    const { erc7710WalletActions } = sdk(`${KIT}/actions`)
    const { overrideDeployedEnvironment } = sdk(`${KIT}/utils`)
    const acting = erc7710WalletActions()(appWallet)
    const { callData: data } = pay(token, 1n)
    const { context: permissionContext, delegationManager } = granted
    const send = () =>
      acting.sendTransactionWithDelegation({ to: token, data, permissionContext, delegationManager })

    await assert.rejects(send(), /No contracts found for version 1\.3\.0 chain/)
    overrideDeployedEnvironment(client.chain.id, '1.3.0', { DelegationManager: FRIEND })
    await assert.rejects(send(), new RegExp(`Invalid DelegationManager: expected ${FRIEND}`, 'i'))
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
