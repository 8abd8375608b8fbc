// A bundler that does nothing but bring each operation to the EntryPoint at once.

import {
  type Address,
  type Hex,
  type PublicClient,
  type Transport,
  custom,
  decodeErrorResult,
  encodeFunctionData,
  numberToHex,
  parseEventLogs,
} from 'viem'
import {
  type PackedUserOperation,
  entryPoint07Abi,
  getUserOperationHash,
  toPackedUserOperation,
} from 'viem/account-abstraction'

/** An operation as it goes over the wire. */
type Wire = { [field: string]: Hex | undefined } & { sender: Address }

/** Gas enough for whatever the tests do. */
const ESTIMATE = {
  preVerificationGas: numberToHex(100_000),
  verificationGasLimit: numberToHex(1_500_000),
  callGasLimit: numberToHex(1_000_000),
  paymasterVerificationGasLimit: numberToHex(0),
  paymasterPostOpGasLimit: numberToHex(0),
}

/** Returns a transport that takes operations, and answers all else by the node.
 *
 * @param send sends a transaction, and returns its hash when it has landed. */
export function entryPointBundler(
  node: PublicClient,
  entryPoint: Address,
  send: (transaction: { to: Address; data: Hex }) => Promise<Hex>,
): Transport {
  const landed = new Map<Hex, Hex>()
  const bring = async (wire: Wire): Promise<Hex> => {
    const operation = fromWire(wire)
    const beneficiary: Address = '0x00000000000000000000000000000000000000fe'
    const args = [[toPackedUserOperation(operation) as PackedUserOperation], beneficiary] as const
    const data = encodeFunctionData({ abi: entryPoint07Abi, functionName: 'handleOps', args })
    await node.call({ to: entryPoint, data, gas: 20_000_000n }).catch((error: unknown) => {
      throw refusal(error)
    })
    const hash = getUserOperationHash({
      chainId: await node.getChainId(),
      entryPointAddress: entryPoint,
      entryPointVersion: '0.7',
      userOperation: operation,
    })
    landed.set(hash, await send({ to: entryPoint, data }))
    return hash
  }
  const receipt = async (userOpHash: Hex) => {
    const hash = landed.get(userOpHash)
    if (!hash) return null
    const params = [hash] as const
    const raw = await node.request({ method: 'eth_getTransactionReceipt', params: [...params] })
    const { logs } = await node.getTransactionReceipt({ hash })
    const [event] = parseEventLogs({ abi: entryPoint07Abi, eventName: 'UserOperationEvent', logs })
    const { sender, nonce, success, actualGasCost, actualGasUsed } = event!.args
    return {
      userOpHash,
      sender,
      nonce: numberToHex(nonce),
      success,
      actualGasCost: numberToHex(actualGasCost),
      actualGasUsed: numberToHex(actualGasUsed),
      entryPoint,
      logs: raw?.logs,
      receipt: raw,
    }
  }
  return custom(
    {
      async request({ method, params }: { method: string; params: never[] }) {
        if (method === 'eth_supportedEntryPoints') return [entryPoint]
        if (method === 'eth_estimateUserOperationGas') return ESTIMATE
        if (method === 'eth_sendUserOperation') return bring(params[0]!)
        if (method === 'eth_getUserOperationReceipt') return receipt(params[0]!)
        return node.request({ method, params } as never)
      },
    },
    { retryCount: 0 },
  )
}

function fromWire(wire: Wire) {
  const number = (field: string) => BigInt(wire[field] ?? 0)
  const { sender, callData, signature, factory, factoryData, paymaster, paymasterData } = wire
  return {
    sender,
    nonce: number('nonce'),
    callData: callData!,
    signature: signature!,
    callGasLimit: number('callGasLimit'),
    verificationGasLimit: number('verificationGasLimit'),
    preVerificationGas: number('preVerificationGas'),
    maxFeePerGas: number('maxFeePerGas'),
    maxPriorityFeePerGas: number('maxPriorityFeePerGas'),
    ...(factory && { factory, factoryData: factoryData ?? '0x' }),
    ...(paymaster && {
      paymaster,
      paymasterData: paymasterData ?? '0x',
      paymasterVerificationGasLimit: number('paymasterVerificationGasLimit'),
      paymasterPostOpGasLimit: number('paymasterPostOpGasLimit'),
    }),
  } as Parameters<typeof toPackedUserOperation>[0]
}

/** What a bundler answers when the EntryPoint refuses an operation: with the account's own words. */
function refusal(error: unknown): Error {
  const data = (error as { walk?: (is: (e: unknown) => boolean) => { data?: Hex } | null }).walk?.(
    (cause) => typeof (cause as { data?: unknown }).data === 'string',
  )?.data
  if (!data) return error as Error
  const { errorName, args } = decodeErrorResult({ abi: entryPoint07Abi, data })
  const said = errorName === 'FailedOpWithRevert' ? args[2] : '0x'
  return Object.assign(new Error(`${errorName}: ${args.slice(1).join(' ')}`), {
    code: -32500,
    data: said,
  })
}
