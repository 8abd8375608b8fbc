import type { Address, Hash } from 'viem'
import { endingAbi } from '../abi/ending.js'
import { type ModuleCall, moduleCall } from './moduleCall.js'

/** Returns the call by which an account ends a session for good, also one never enabled. */
export function revokeCall(module: Address, sessionId: Hash): ModuleCall {
  return moduleCall(module, endingAbi, 'revoke', [sessionId])
}
