import { type Address, type Client, type Hex, concat, hexToBigInt, parseAbi, size } from 'viem'
import type { UserOperation } from 'viem/account-abstraction'
import { getBlock, readContract } from 'viem/actions'
import { startGas } from '../actions/startGas.js'

/** What the cost of an operation depends on. */
export type PricedOperation = Pick<
  UserOperation<'0.7'>,
  | 'sender'
  | 'callData'
  | 'signature'
  | 'factory'
  | 'paymaster'
  | 'paymasterData'
  | 'callGasLimit'
  | 'verificationGasLimit'
  | 'preVerificationGas'
  | 'paymasterVerificationGasLimit'
  | 'paymasterPostOpGasLimit'
  | 'maxFeePerGas'
>

/** Returns the most wei that an operation can cost: all five gas fields at its price, which is what
 * the module adds up against `feeLimit`. */
export function highestCost(operation: PricedOperation): bigint {
  const gas =
    operation.callGasLimit +
    operation.verificationGasLimit +
    operation.preVerificationGas +
    (operation.paymasterVerificationGasLimit ?? 0n) +
    (operation.paymasterPostOpGasLimit ?? 0n)
  return gas * operation.maxFeePerGas
}

/** Arbitrum's precompile that tells what posting to the parent chain costs. */
const NODE_INTERFACE: Address = '0x00000000000000000000000000000000000000c8'
const NODE_INTERFACE_ABI = parseAbi([
  // The first of three results: the prices behind it are not read.
  'function gasEstimateL1Component(address to, bool contractCreation, bytes data) view returns (uint64)',
])

/** Gas that a bundle costs around its operations, and bytes of an operation without its parts. */
const AROUND = 50_000n
const BYTES_AROUND = 700
/** Gas for validating: a session's use, its enabling, and what others do in it. */
const VALIDATION = 200_000n
const ENABLING = 200_000n
const PAYMASTER = 200_000n
const FACTORY = 3_000_000n
/** Gas of calls that cannot be estimated, because they fail as things stand. */
const UNKNOWN_CALLS = 1_000_000n
/** Wei; a lower price is not worth looking at. */
const LOWEST_PRICE = 100_000_000n

/** Returns what an operation costs by what the node says of the chain, generously, in wei. The
 * bundler is not asked. */
export async function estimateCost(
  { client, entryPoint, module }: { client: Client; entryPoint: Address; module: Address },
  operation: PricedOperation,
): Promise<bigint> {
  const { sender: to, callData: data, signature, paymasterData = '0x' } = operation
  const posted = concat([data, signature, paymasterData, `0x${'ff'.repeat(BYTES_AROUND)}`])
  const number = (method: string, params: unknown[], otherwise: bigint) =>
    (client.request({ method, params } as never) as Promise<Hex>).then(hexToBigInt, () => otherwise)
  const [{ baseFeePerGas }, priority, calls, posting, start] = await Promise.all([
    getBlock(client),
    number('eth_maxPriorityFeePerGas', [], 0n),
    number('eth_estimateGas', [{ from: entryPoint, to, data }], UNKNOWN_CALLS),
    postingGas(client, to, posted),
    startGas(client, module),
  ])
  const validation =
    VALIDATION +
    start +
    (signature.startsWith('0x01') ? ENABLING : 0n) +
    (operation.paymaster ? PAYMASTER : 0n) +
    (operation.factory ? FACTORY : 0n)
  const gas = AROUND + 16n * BigInt(size(posted)) + posting + validation + calls
  const price = 2n * (baseFeePerGas ?? 0n) + priority
  return gas * (price > LOWEST_PRICE ? price : LOWEST_PRICE)
}

/** Gas for posting to the parent chain; none where the chain has none. */
function postingGas(client: Client, to: Address, posted: Hex): Promise<bigint> {
  return readContract(client, {
    address: NODE_INTERFACE,
    abi: NODE_INTERFACE_ABI,
    functionName: 'gasEstimateL1Component',
    args: [to, false, posted],
  }).catch(() => 0n)
}
