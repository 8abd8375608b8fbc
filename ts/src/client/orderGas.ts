import { type Address, type Client, type Hex, encodeFunctionData, parseAbi } from 'viem'
import { estimateGas } from 'viem/actions'

const ACCOUNT = parseAbi([
  'function executeFromExecutor(bytes32 mode, bytes executionCalldata) returns (bytes[])',
])

/** Estimates the gas that the account's call of an order needs: what the node says for its
 * `executeFromExecutor` with the module as sender, and a third more. Never the least that passes: a
 * call that swallows a failure passes with too little.
 *
 * @throws {@link SessionRefused} if the calls fail, as things stand. */
export async function orderGas(
  client: Client,
  module: Address,
  account: Address,
  { mode, executionCalldata }: { mode: Hex; executionCalldata: Hex },
): Promise<number> {
  const args = [mode, executionCalldata] as const
  const data = encodeFunctionData({ abi: ACCOUNT, functionName: 'executeFromExecutor', args })
  try {
    const used = await estimateGas(client, { account: module, to: account, data })
    return Number((used * 4n + 2n) / 3n)
  } catch (cause) {
    // The words for errors are loaded when one is met.
    const { orderFailure } = await import('./orderFailure.js')
    throw await orderFailure(client, module, account, cause)
  }
}
