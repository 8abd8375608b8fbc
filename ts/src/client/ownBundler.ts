import {
  type Account,
  type Address,
  type Chain,
  type Client,
  type Hex,
  type Transport,
  createClient,
  custom,
  encodeFunctionData,
  hexToBigInt,
  numberToHex,
} from 'viem'
import {
  type SmartAccount,
  type UserOperation,
  entryPoint07Abi,
  formatUserOperation,
  getUserOperationHash,
  toPackedUserOperation,
} from 'viem/account-abstraction'
import { estimateFeesPerGas, getChainId, sendTransaction } from 'viem/actions'
import { SessionRefused } from '../errors/sessionRefused.js'

/** What {@link ownBundler} is called, by which a session client knows it. */
export const OWN_BUNDLER = 'ownBundler'

/** Who brings operations to the EntryPoint. */
export type OwnBundlerTerms = {
  /** A wallet client, with an account that pays for the transactions and is paid back. */
  wallet: Client<Transport, Chain | undefined, Account>
  /** Gas that the wallet is given for a transaction. If left out the node is asked for it, which
   * says too why the EntryPoint refuses an operation; for a wallet that finds this out itself
   * before it pays, as a sponsor does, asking twice only takes time. */
  gas?: bigint
  /** The EntryPoint's version; 0.7 if left out. */
  version?: SmartAccount['entryPoint']['version']
}

/** Gas for validating, enabling included. What is not used is not paid. */
const VALIDATION = 600_000n
/** Gas that the transaction costs around the operation. */
const AROUND = 60_000n

/** Returns a bundler of one's own, for {@link createSessionClient}: it calls `handleOps` of the
 * EntryPoint by a wallet, so no bundler is needed where somebody pays for the transaction. Paymasters
 * are not asked. */
export function ownBundler({
  wallet,
  gas: given,
  version = '0.7',
}: OwnBundlerTerms): Client<Transport, Chain | undefined, undefined> {
  // Never the least that passes: a call that swallows a failure passes with too little.
  const gasOf = async (from: Address, to: Address, data: Hex) =>
    (hexToBigInt(await request(wallet, 'eth_estimateGas', [{ from, to, data }])) * 4n) / 3n
  const estimate = async ({ sender, callData }: Wire, entryPoint: Address) => ({
    callGasLimit: numberToHex((await gasOf(entryPoint, sender, callData)) + 20_000n),
    verificationGasLimit: numberToHex(VALIDATION),
    preVerificationGas: numberToHex(AROUND),
  })
  const send = async (wire: Wire, entryPoint: Address) => {
    const operation = formatUserOperation(wire as never) as UserOperation<'0.7'>
    const data = encodeFunctionData({
      abi: entryPoint07Abi,
      functionName: 'handleOps',
      args: [[toPackedUserOperation(operation)], wallet.account.address],
    })
    // The node says why the EntryPoint refuses it before anything is paid.
    const gas = given ?? (await gasOf(wallet.account.address, entryPoint, data))
    const transaction = { to: entryPoint, data, gas, account: wallet.account, chain: null }
    const [chainId] = await Promise.all([
      getChainId(wallet),
      sendTransaction(wallet, transaction as never),
    ])
    return getUserOperationHash({
      chainId,
      entryPointAddress: entryPoint,
      entryPointVersion: version as '0.7',
      userOperation: operation,
    })
  }
  const transport = custom({
    async request({ method, params }: { method: string; params: [Wire, Address] }) {
      if (method === 'eth_estimateUserOperationGas') return estimate(...params)
      if (method === 'eth_sendUserOperation') return send(...params)
      if (method === 'eth_chainId') return request(wallet, method, [])
      const reason = `${method} is nothing that ownBundler does`
      throw new SessionRefused('NotForSessions', reason, 'use a bundler')
    },
  })
  const bundler = createClient({ key: OWN_BUNDLER, name: 'Own bundler', transport })
  const userOperation = { estimateFeesPerGas: () => estimateFeesPerGas(wallet) }
  return { ...bundler, userOperation } as unknown as typeof bundler
}

/** An operation as it goes over the wire. */
type Wire = { sender: Address; callData: Hex; signature: Hex } & Record<string, Hex | undefined>

function request(client: Client, method: string, params: unknown[]): Promise<Hex> {
  return client.request({ method, params } as never)
}
