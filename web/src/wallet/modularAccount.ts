import { encodeExecutions } from 'smart-session/format'
import { type Address, type Hex, type PublicClient, encodeFunctionData, parseAbi } from 'viem'
import {
  type SmartAccount,
  entryPoint07Abi,
  entryPoint07Address,
  getUserOperationHash,
  toSmartAccount,
} from 'viem/account-abstraction'
import { readContract } from 'viem/actions'

const ABI = parseAbi(['function execute(bytes32 mode, bytes executionCalldata)'])

/** Who signs an account's operations. */
export type Signing = {
  /** The key of the nonce: which validator is asked. */
  readonly nonceKey: bigint
  readonly sign: (hash: Hex) => Promise<Hex>
  /** A signature of the right length, to estimate with. */
  readonly stub: Hex
}

/** Returns a deployed ERC-7579 account as viem wants one.
 *
 * @param signing who signs its operations; nobody where another account is made of it. */
export function modularAccount(
  client: PublicClient,
  address: Address,
  signing?: Signing,
): Promise<SmartAccount> {
  const entryPoint = { abi: entryPoint07Abi, address: entryPoint07Address, version: '0.7' } as const
  const refuse = (): Promise<Hex> => Promise.reject(new Error('this account signs operations only'))
  return toSmartAccount({
    client,
    entryPoint,
    getAddress: async () => address,
    getFactoryArgs: async () => ({}),
    async encodeCalls(calls) {
      const executions = calls.map(({ to, value = 0n, data = '0x' }) => {
        return { target: to, value, callData: data }
      })
      const { mode, executionCalldata } = encodeExecutions(executions)
      const args = [mode, executionCalldata] as const
      return encodeFunctionData({ abi: ABI, functionName: 'execute', args })
    },
    getNonce: () =>
      readContract(client, {
        address: entryPoint.address,
        abi: entryPoint.abi,
        functionName: 'getNonce',
        args: [address, signing?.nonceKey ?? 0n],
      }),
    getStubSignature: async () => signing?.stub ?? refuse(),
    signMessage: refuse,
    signTypedData: refuse,
    async signUserOperation({ chainId = client.chain?.id, ...operation }) {
      if (signing === undefined || chainId === undefined) return refuse()
      const hash = getUserOperationHash({
        chainId,
        entryPointAddress: entryPoint.address,
        entryPointVersion: entryPoint.version,
        userOperation: { ...operation, sender: address, signature: '0x' } as never,
      })
      return signing.sign(hash)
    },
  })
}
