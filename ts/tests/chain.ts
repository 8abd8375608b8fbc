// A node and a bundler in memory. Each answer can be a lie.

import { smartSessionAbi } from 'smart-session/format'
import {
  type Address,
  type Hash,
  type Hex,
  concat,
  createPublicClient,
  custom,
  decodeFunctionData,
  encodeAbiParameters,
  encodeEventTopics,
  encodeFunctionData,
  encodeFunctionResult,
  encodePacked,
  isAddressEqual,
  numberToHex,
  pad,
  parseAbi,
  parseAbiParameters,
  zeroAddress,
} from 'viem'
import {
  createBundlerClient,
  entryPoint07Abi,
  getUserOperationHash,
  toSmartAccount,
} from 'viem/account-abstraction'
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
export type SentOperation = { sender: Address; nonce: Hex; callData: Hex; signature: Hex } & Record<
  string,
  Hex
>

/** What the imagined chain answers. */
export type Answers = {
  accountId?: string
  /** The hook of the module's installation, as Kernel tells it: 1 is none. */
  hook?: Address
  version?: '0.7' | '0.8' | '0.9'
  /** 0 unknown, 1 enabled, 2 revoked. */
  status?: number
  /** Calls that the session has made. */
  calls?: number
  /** Wei of gas that the session has spent. */
  fee?: bigint
  /** The nonce of the session's next order. */
  orderNonce?: number
  /** The account's epoch. */
  epoch?: bigint
  /** Whether the account says that modules are installed. */
  isInstalled?: boolean
  /** What the node says for the gas of a call. */
  estimateOf?: (call: { from: Address; to: Address; data: Hex }) => Hex
  /** What the node says that a call uses with plenty of gas; it does not know the question if left
   * out. */
  usedOf?: (call: { from: Address; to: Address; data: Hex }) => Hex
  /** What the start of the module costs, if it is not cached. */
  startGas?: bigint
  /** The code at an address. */
  codeOf?: (address: Address) => Hex
  /** What the bundler refuses operations with. */
  refusal?: string
  /** The chain's id. */
  chainId?: number
  /** The newest block's time; the system's if left out. */
  blockTime?: () => number
  /** What the node answers for the next nonce of a key. */
  nonceOf?: (key: bigint) => bigint
  /** The gas that the bundler wants. */
  gas?: { callGasLimit?: Hex; preVerificationGas?: Hex; verificationGasLimit?: Hex }
  /** What the bundler calls an operation. */
  hashOf?: (hash: Hash) => Hash
  /** The price that the client's settings offer. */
  maxFeePerGas?: bigint
  /** Pays for operations, and counts how often it is asked. */
  paymaster?: { address: Address; asked: number }
}

/** The hash of an operation that was sent, as viem computes it. */
export function hashOf(sent: SentOperation, version: '0.7' | '0.8' | '0.9' = '0.7'): Hash {
  const number = (name: string) => BigInt(sent[name]!)
  const paid = sent['paymaster']
    ? {
        paymaster: sent['paymaster'],
        paymasterData: sent['paymasterData'] ?? '0x',
        paymasterVerificationGasLimit: number('paymasterVerificationGasLimit'),
        paymasterPostOpGasLimit: number('paymasterPostOpGasLimit'),
      }
    : {}
  return getUserOperationHash({
    chainId: arbitrum.id,
    entryPointAddress: ENTRY_POINT,
    entryPointVersion: version as '0.7',
    userOperation: {
      ...paid,
      sender: sent.sender,
      nonce: BigInt(sent.nonce),
      callData: sent.callData,
      callGasLimit: number('callGasLimit'),
      verificationGasLimit: number('verificationGasLimit'),
      preVerificationGas: number('preVerificationGas'),
      maxFeePerGas: number('maxFeePerGas'),
      maxPriorityFeePerGas: number('maxPriorityFeePerGas'),
      signature: '0x',
    },
  })
}

/** A node and bundler that answer just what a session client asks, and keep what they are sent. */
export async function imagine(address: Address, answers: Answers = {}) {
  const { accountId = 'biconomy.nexus.1.0.0', startGas, refusal } = answers
  const { chainId = arbitrum.id, paymaster, fee = 0n, maxFeePerGas = 10n } = answers
  const blockTime = answers.blockTime ?? (() => Math.floor(Date.now() / 1000))
  const nonceOf = answers.nonceOf ?? ((key: bigint) => (key << 64n) + 3n)
  const hook = answers.hook ?? pad('0x01', { size: 20 })
  const estimated: SentOperation[] = []
  const sent: SentOperation[] = []
  const asked: string[] = []
  const call = ({ to, data }: { to: Address; data: Hex }): Hex => {
    if (isAddressEqual(to, ENTRY_POINT)) {
      const { args } = decodeFunctionData({ abi: entryPoint07Abi, data })
      return pad(numberToHex(nonceOf((args as [Address, bigint])[1])))
    }
    if (isAddressEqual(to, MODULE)) {
      const { functionName } = decodeFunctionData({ abi: smartSessionAbi, data })
      if (functionName === 'epoch') return pad(numberToHex(answers.epoch ?? 0n))
      const { calls = 0, orderNonce = 0 } = answers
      const result = [answers.status ?? 0, calls, fee, 0n, orderNonce] as const
      return encodeFunctionResult({ abi: smartSessionAbi, functionName: 'sessionState', result })
    }
    if (BigInt(to) === 0x72n) return pad(startGas === undefined ? '0x01' : '0x00')
    if (BigInt(to) === 0x71n) return concat([pad(numberToHex(startGas ?? 0n)), pad('0x02')])
    if (BigInt(to) === 0xc8n) return concat([pad(numberToHex(1_000)), pad('0x01'), pad('0x01')])
    // The module as a validator, by type and address.
    if (data.startsWith(`0xb8afe17d01${MODULE.slice(2).toLowerCase()}`)) {
      const result = [1, hook] as const
      return encodeFunctionResult({ abi: ACCOUNT_ABI, functionName: 'validationConfig', result })
    }
    // isModuleInstalled, and domainSeparator: no Safe.
    if (data.startsWith('0x112d3a7d')) return pad(answers.isInstalled ? '0x1' : '0x0')
    if (data.startsWith('0xf698da25')) throw new Error('execution reverted')
    if (data.startsWith('0x84b0196e')) {
      // Kernel's, fields 0x0f: no salt.
      const result = ['0x0f', 'Kernel', '0.3.1', BigInt(arbitrum.id), to, pad('0x'), []] as const
      return encodeFunctionResult({ abi: ACCOUNT_ABI, functionName: 'eip712Domain', result })
    }
    return encodeFunctionResult({ abi: ACCOUNT_ABI, functionName: 'accountId', result: accountId })
  }
  const block = () => ({
    number: '0x10',
    timestamp: numberToHex(blockTime()),
    baseFeePerGas: '0x5',
    transactions: [],
  })
  const transport = custom(
    {
      async request({ method, params }: { method: string; params: never[] }) {
        asked.push(method)
        if (method === 'eth_chainId') return numberToHex(chainId)
        if (method === 'eth_getCode') return answers.codeOf?.(params[0]!) ?? '0x01'
        if (method === 'eth_blockNumber') return '0x10'
        if (method === 'eth_getBlockByNumber') return block()
        if (method === 'eth_maxPriorityFeePerGas') return '0x1'
        if (method === 'eth_estimateGas') return answers.estimateOf?.(params[0]!) ?? '0x5208'
        if (method === 'eth_createAccessList' && answers.usedOf !== undefined) {
          return { accessList: [], gasUsed: answers.usedOf(params[0]!) }
        }
        if (method === 'eth_getStorageAt') return pad('0x0')
        if (method === 'eth_call') return call(params[0]!)
        if (method === 'eth_estimateUserOperationGas') {
          estimated.push(params[0]!)
          return {
            callGasLimit: '0x1',
            preVerificationGas: '0x2',
            verificationGasLimit: '0x3',
            ...answers.gas,
          }
        }
        if (method === 'eth_sendUserOperation') {
          if (refusal !== undefined) throw Object.assign(new Error(refusal), { code: -32500 })
          const operation: SentOperation = params[0]!
          sent.push(operation)
          return (answers.hashOf ?? ((hash: Hash) => hash))(hashOf(operation, answers.version))
        }
        if (method === 'eth_getLogs') {
          const [{ topics }] = params as unknown as [{ topics: (Hash | null)[] }]
          return landed(sent).filter((log) => log.topics[1] === topics[1])
        }
        if (method === 'eth_getTransactionReceipt') {
          return { status: '0x1', blockNumber: '0x11', transactionHash: BUNDLE, logs: landed(sent) }
        }
        throw new Error(`nobody expects ${method}`)
      },
    },
    { retryCount: 0 },
  )
  const client = createPublicClient({ chain: arbitrum, transport, pollingInterval: 10 })
  const fees = { maxFeePerGas, maxPriorityFeePerGas: 1n }
  const bundler = createBundlerClient({
    client,
    transport,
    userOperation: { estimateFeesPerGas: async () => fees },
    ...(paymaster === undefined ? {} : { paymaster: payer(paymaster) }),
  })
  const account = await toSmartAccount({
    client,
    entryPoint: { abi: entryPoint07Abi, address: ENTRY_POINT, version: answers.version ?? '0.7' },
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
  return { account, bundler, client, estimated, sent, asked }
}

const BUNDLE = pad('0xb0')

/** The events of operations that landed in one bundle: each after what it logged itself. */
function landed(sent: SentOperation[]) {
  return sent.flatMap((operation, i) => {
    const userOpHash = hashOf(operation)
    const args = { userOpHash, sender: operation.sender, paymaster: zeroAddress }
    const eventName = 'UserOperationEvent'
    const common = { blockNumber: '0x11', blockHash: BUNDLE, transactionHash: BUNDLE }
    const results = parseAbiParameters('uint256, bool, uint256, uint256')
    return [
      {
        ...common,
        address: MODULE,
        topics: [pad('0x01')],
        data: '0x',
        logIndex: numberToHex(2 * i),
      },
      {
        ...common,
        address: ENTRY_POINT,
        topics: encodeEventTopics({ abi: entryPoint07Abi, eventName, args }) as Hex[],
        data: encodeAbiParameters(results, [BigInt(operation.nonce), true, 70n, 7n]),
        logIndex: numberToHex(2 * i + 1),
      },
    ]
  })
}

function payer(paymaster: { address: Address; asked: number }) {
  const data = async () => {
    paymaster.asked += 1
    return { paymaster: paymaster.address, paymasterData: '0x0f' as Hex }
  }
  return {
    getPaymasterStubData: async () => ({
      ...(await data()),
      paymasterVerificationGasLimit: 5n,
      paymasterPostOpGasLimit: 5n,
    }),
    getPaymasterData: data,
  }
}
