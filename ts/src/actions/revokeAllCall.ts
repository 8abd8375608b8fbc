import type { Address } from 'viem'
import { endingAbi } from '../abi/ending.js'
import { randomSalt } from '../session/randomSalt.js'
import { type ModuleCall, moduleCall } from './moduleCall.js'

/** Returns the call by which an account ends all its sessions on this chain, with a new salt. */
export function revokeAllCall(module: Address): ModuleCall {
  return moduleCall(module, endingAbi, 'revokeAll', [randomSalt()])
}
