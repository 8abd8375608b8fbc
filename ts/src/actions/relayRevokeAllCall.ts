import type { Address, Hex } from 'viem'
import { type ModuleCall, moduleCall } from './moduleCall.js'

/** Returns the call by which anyone ends all sessions of an account on this chain, with the owner's
 * signature of {@link revokeAllTypedData}. */
export function relayRevokeAllCall(
  module: Address,
  account: Address,
  ownerSignature: Hex,
): ModuleCall {
  return moduleCall(module, 'revokeAll', [account, ownerSignature])
}
