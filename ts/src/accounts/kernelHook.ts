import { type Address, type Client, type Hex, concat, parseAbi } from 'viem'
import { readContract } from 'viem/actions'
import type { AccountKind } from '../accountKind.js'

const CONFIG = parseAbi([
  'function validationConfig(bytes21 validationId) view returns (uint32 nonce, address hook)',
])

/** `executeUserOp(PackedUserOperation,bytes32)` (ERC-4337): the account runs what follows. */
export const EXECUTE_USER_OP = '0x8dd7712f'

/** Asks an account for the hook of its installation of a validator: Kernel alone has one for each.
 *
 * @returns `undefined` where there is none. */
export async function readHook(
  client: Client,
  kind: AccountKind,
  account: Address,
  validator: Address,
): Promise<Address | undefined> {
  if (kind !== 'kernel') return undefined
  const [, hook] = await readContract(client, {
    address: account,
    abi: CONFIG,
    functionName: 'validationConfig',
    args: [concat(['0x01', validator])],
  })
  // 0: not installed. 1: installed without a hook.
  return BigInt(hook) > 1n ? hook : undefined
}

/** Returns the account's calldata as Kernel takes it where a hook is asked about it. */
export const behindHook = (callData: Hex): Hex => concat([EXECUTE_USER_OP, callData])
