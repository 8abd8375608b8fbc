import { type Address, type Client, type Hex, parseAbi } from 'viem'
import { readContract } from 'viem/actions'

const ACCOUNT = parseAbi([
  'function isModuleInstalled(uint256 moduleTypeId, address module, bytes additionalContext) view returns (bool)',
])

/** Types of modules (ERC-7579). */
export const MODULE_TYPE = { validator: 1n, executor: 2n, fallback: 3n, hook: 4n } as const

/** Asks an account whether a module is installed on it.
 *
 * @param type as what.
 * @param context for fallback handlers, the selector that they answer. */
export function isModuleInstalled(
  client: Client,
  account: Address,
  module: Address,
  type: keyof typeof MODULE_TYPE,
  context: Hex = '0x',
): Promise<boolean> {
  return readContract(client, {
    address: account,
    abi: ACCOUNT,
    functionName: 'isModuleInstalled',
    args: [MODULE_TYPE[type], module, context],
  })
}
