import type { Address } from 'viem'
import { type ModuleCall, moduleCall } from './moduleCall.js'

/** Returns the call by which an account ends all its sessions on this chain. */
export function revokeAllCall(module: Address): ModuleCall {
  return moduleCall(module, 'revokeAll', [])
}
