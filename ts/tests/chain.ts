import { smartSessionAbi } from 'smart-session'
import {
  type Address,
  type Hex,
  concat,
  createPublicClient,
  custom,
  decodeFunctionData,
  encodeAbiParameters,
  encodeFunctionData,
  encodeFunctionResult,
  encodePacked,
  isAddressEqual,
  numberToHex,
  pad,
  parseAbi,
  parseAbiParameters,
} from 'viem'
import { createBundlerClient, entryPoint07Abi, toSmartAccount } from 'viem/account-abstraction'
import { arbitrum } from 'viem/chains'
import { MODULE } from './sessions.js'

export const ENTRY_POINT: Address = '0x0000000071727De22E5E9d8BAf0edAc6f37da032'
const ACCOUNT_ABI = parseAbi([
  'function accountId() view returns (string)',
  'function eip712Domain() view returns (bytes1 fields, string name, string version, uint256 chainId, address verifyingContract, bytes32 salt, uint256[] extensions)',
  'function execute(bytes32 mode, bytes executionCalldata)',
  'function validationConfig(bytes21 validationId) view returns (uint32 nonce, address hook)',
])
const BATCH = parseAbiParameters('(address target, uint256 value, bytes callData)[]')

/** A user operation as it goes over the wire. */
export type SentOperation = { sender: Address; nonce: Hex; callData: Hex; signature: Hex }

/** What the imagined chain answers. */
export type Answers = {
  accountId?: string
  /** The hook of the module's installation, as Kernel tells it: 1 is none. */
  hook?: Address
  /** 0 unknown, 1 enabled, 2 revoked. */
  status?: number
  /** What the start of the module costs, if it is not cached. */
  startGas?: bigint
  /** What the bundler refuses operations with. */
  refusal?: string
}

/** A node and bundler that answer just what a session client asks, and keep what they are sent. */
export async function imagine(address: Address, answers: Answers = {}) {
  const { accountId = 'biconomy.nexus.1.0.0', status = 0, startGas, refusal } = answers
  const hook = answers.hook ?? pad('0x01', { size: 20 })
  const estimated: SentOperation[] = []
  const sent: SentOperation[] = []
  const call = ({ to, data }: { to: Address; data: Hex }): Hex => {
    if (isAddressEqual(to, ENTRY_POINT)) {
      const { args } = decodeFunctionData({ abi: entryPoint07Abi, data })
      return pad(numberToHex(((args as [Address, bigint])[1] << 64n) + 3n))
    }
    if (isAddressEqual(to, MODULE)) {
      const result = [status, 0, 0n, 0n] as const
      return encodeFunctionResult({ abi: smartSessionAbi, functionName: 'sessionState', result })
    }
    if (BigInt(to) === 0x72n) return pad(startGas === undefined ? '0x01' : '0x00')
    if (BigInt(to) === 0x71n) return concat([pad(numberToHex(startGas ?? 0n)), pad('0x02')])
    // The module as a validator, by type and address.
    if (data.startsWith(`0xb8afe17d01${MODULE.slice(2).toLowerCase()}`)) {
      const result = [1, hook] as const
      return encodeFunctionResult({ abi: ACCOUNT_ABI, functionName: 'validationConfig', result })
    }
    if (data.startsWith('0x84b0196e')) {
      // Kernel's, fields 0x0f: no salt.
      const result = ['0x0f', 'Kernel', '0.3.1', BigInt(arbitrum.id), to, pad('0x'), []] as const
      return encodeFunctionResult({ abi: ACCOUNT_ABI, functionName: 'eip712Domain', result })
    }
    return encodeFunctionResult({ abi: ACCOUNT_ABI, functionName: 'accountId', result: accountId })
  }
  const transport = custom(
    {
      async request({ method, params }: { method: string; params: never[] }) {
        if (method === 'eth_chainId') return numberToHex(arbitrum.id)
        if (method === 'eth_getCode') return '0x01'
        if (method === 'eth_call') return call(params[0]!)
        if (method === 'eth_estimateUserOperationGas') {
          estimated.push(params[0]!)
          return { callGasLimit: '0x1', preVerificationGas: '0x2', verificationGasLimit: '0x3' }
        }
        if (method === 'eth_sendUserOperation') {
          if (refusal !== undefined) throw Object.assign(new Error(refusal), { code: -32500 })
          sent.push(params[0]!)
          return pad('0x0b')
        }
        throw new Error(`nobody expects ${method}`)
      },
    },
    { retryCount: 0 },
  )
  const client = createPublicClient({ chain: arbitrum, transport })
  const fees = { maxFeePerGas: 10n, maxPriorityFeePerGas: 1n }
  const bundler = createBundlerClient({
    client,
    transport,
    userOperation: { estimateFeesPerGas: async () => fees },
  })
  const account = await toSmartAccount({
    client,
    entryPoint: { abi: entryPoint07Abi, address: ENTRY_POINT, version: '0.7' },
    getAddress: async () => address,
    getFactoryArgs: async () => ({}),
    getStubSignature: async () => '0x00',
    signMessage: async () => '0x0e',
    signTypedData: async () => '0x0e0e',
    signUserOperation: async () => '0x00',
    async encodeCalls(calls) {
      const executions = calls.map(({ to, value = 0n, data = '0x' }) => ({
        target: to,
        value,
        callData: data,
      }))
      const [first] = executions
      const [mode, packed] =
        executions.length === 1 && first
          ? [
              '0x00' as const,
              encodePacked(['address', 'uint256', 'bytes'], Object.values(first) as never),
            ]
          : ['0x01' as const, encodeAbiParameters(BATCH, [executions])]
      return encodeFunctionData({
        abi: ACCOUNT_ABI,
        functionName: 'execute',
        args: [pad(mode, { dir: 'right', size: 32 }), packed],
      })
    },
  })
  return { account, bundler, client, estimated, sent }
}
