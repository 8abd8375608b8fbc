import type { Address, Hash, Hex } from 'viem'
import { endingAbi } from '../abi/ending.js'
import { type ModuleCall, moduleCall } from './moduleCall.js'

/** Returns the call by which anyone ends all sessions of an account on this chain, with the owner's
 * signature of {@link revokeAllTypedData} and the salt in it. */
export function relayRevokeAllCall(
  module: Address,
  account: Address,
  salt: Hash,
  ownerSignature: Hex,
): ModuleCall {
  return moduleCall(module, endingAbi, 'revokeAll', [account, salt, ownerSignature])
}
