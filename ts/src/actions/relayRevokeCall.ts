import type { Address, Hash, Hex } from 'viem'
import { endingAbi } from '../abi/ending.js'
import { type ModuleCall, moduleCall } from './moduleCall.js'

/** Returns the call by which anyone ends a session with the owner's signature of
 * {@link revokeTypedData}. */
export function relayRevokeCall(
  module: Address,
  account: Address,
  sessionId: Hash,
  ownerSignature: Hex,
): ModuleCall {
  return moduleCall(module, endingAbi, 'revokeFor', [account, sessionId, ownerSignature])
}
