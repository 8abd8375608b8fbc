import type { Address, Hash } from 'viem'
import { type ModuleCall, moduleCall } from './moduleCall.js'

/** Returns the call by which an account ends a session for good, also one never enabled. */
export function revokeCall(module: Address, sessionId: Hash): ModuleCall {
  return moduleCall(module, 'revoke', [sessionId])
}
