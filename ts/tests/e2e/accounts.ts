// The accounts that permissionless supports, made of the registry's own bytecode.

import {
  toKernelSmartAccount,
  toNexusSmartAccount,
  toSafeSmartAccount,
} from 'permissionless/accounts'
import type { AccountKind } from 'smart-session'
import { accountSignature } from 'smart-session/format'
import { enableRoute } from 'smart-session/owner'
import {
  type Address,
  type Hex,
  type LocalAccount,
  encodeAbiParameters,
  encodeFunctionData,
  numberToHex,
  parseAbi,
  parseAbiParameters,
  zeroAddress,
} from 'viem'
import type { SmartAccount } from 'viem/account-abstraction'
import type { Stage } from './stage.js'

/** An account of permissionless, and what its owner's signatures begin with. */
export type Made = {
  account: SmartAccount
  /** What checks the owner's signatures; zero for a Safe's own owners. */
  ownerValidator: Address
  /** Signs a session as this account's owner. */
  signSession: (typedData: Parameters<SmartAccount['signTypedData']>[0]) => Promise<Hex>
}

/** Makes an account for an owner. */
export type Maker = (stage: Stage, owner: LocalAccount) => Promise<Made>

/** How each account is made. */
export const ACCOUNTS: { [K in AccountKind]?: Maker } = {
  async kernel(stage, owner) {
    const accountLogicAddress = await stage.deploy('Kernel', word(stage.entryPoint))
    const factoryAddress = await stage.deploy('KernelFactory', word(accountLogicAddress))
    const account = await toKernelSmartAccount({
      client: stage.client,
      owners: [owner],
      version: '0.3.1',
      accountLogicAddress,
      factoryAddress,
      useMetaFactory: false,
      validatorAddress: stage.ownerValidator,
    })
    const signSession: Made['signSession'] = (typedData) => account.signTypedData(typedData)
    return { account: account as SmartAccount, ownerValidator: stage.ownerValidator, signSession }
  },

  async safe7579(stage, owner) {
    const registry = zeroAddress
    const safe4337ModuleAddress = await stage.deploy('Safe7579')
    const account = await toSafeSmartAccount({
      client: stage.client,
      owners: [owner],
      version: '1.4.1',
      safe4337ModuleAddress,
      erc7579LaunchpadAddress: await stage.deploy(
        'Safe7579Launchpad',
        encodeAbiParameters(parseAbiParameters('address, address'), [stage.entryPoint, registry]),
      ),
      safeProxyFactoryAddress: await stage.deploy('SafeProxyFactory'),
      safeSingletonAddress: await stage.deploy('SafeSingleton'),
    })
    const signSession: Made['signSession'] = (typedData) => account.signTypedData(typedData)
    return { account: account as SmartAccount, ownerValidator: zeroAddress, signSession }
  },

  async nexus(stage, owner) {
    const implementation = await stage.deploy('Nexus', word(stage.entryPoint))
    const factory = await stage.deploy(
      'NexusFactory',
      encodeAbiParameters(parseAbiParameters('address, address'), [implementation, owner.address]),
    )
    const bootstrap = await stage.deploy('NexusBootstrap')
    const initialize = encodeFunctionData({
      abi: parseAbi([
        'function initNexusWithSingleValidator(address validator, bytes data, address registry, address[] attesters, uint8 threshold)',
      ]),
      args: [stage.ownerValidator, owner.address, zeroAddress, [], 0],
    })
    const data = encodeFunctionData({
      abi: parseAbi(['function createAccount(bytes initData, bytes32 salt)']),
      args: [
        encodeAbiParameters(parseAbiParameters('address, bytes'), [bootstrap, initialize]),
        numberToHex(1, { size: 32 }),
      ],
    })
    const { logs } = await stage.send({ to: factory, data })
    const created = logs.find((log) => log.address === factory.toLowerCase())
    const account = await toNexusSmartAccount({
      client: stage.client,
      owners: [owner],
      version: '1.0.0',
      address: `0x${created!.topics[1]!.slice(26)}`,
      validatorAddress: stage.ownerValidator,
    })
    // permissionless signs as for a K1 validator (ERC-7739); this validator takes the digest.
    const signSession: Made['signSession'] = async (typedData) =>
      accountSignature('nexus', stage.ownerValidator, await owner.signTypedData(typedData as never))
    return { account: account as SmartAccount, ownerValidator: stage.ownerValidator, signSession }
  },
}

/** The enable route of an account's owner. */
export const routeOf = (kind: AccountKind, { ownerValidator }: Made) =>
  enableRoute(kind, ownerValidator)

const word = (address: Address): Hex => encodeAbiParameters([{ type: 'address' }], [address])
