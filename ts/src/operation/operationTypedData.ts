import type { Address, Hash } from 'viem'
import { moduleDomain } from '../session/moduleDomain.js'
import { EIP712Domain } from '../session/sessionTypes.js'

/** The EIP-712 types of what a delegate signs for a user operation. */
export const SESSION_OPERATION_TYPES = {
  EIP712Domain,
  SessionOperation: [
    { name: 'userOpHash', type: 'bytes32' },
    { name: 'sessionId', type: 'bytes32' },
    { name: 'disclosure', type: 'bytes32' },
  ],
} as const

/** What a delegate signs for a user operation. */
export type SessionOperation = {
  /** The hash of the user operation, which leaves out its signature field. */
  userOpHash: Hash
  /** The session's id. */
  sessionId: Hash
  /** `keccak256` of everything that travels before the signatures. */
  disclosure: Hash
}

/** Returns what a delegate signs for a user operation, as typed data. */
export function operationTypedData(module: Address, operation: SessionOperation) {
  return {
    domain: moduleDomain(module),
    types: SESSION_OPERATION_TYPES,
    primaryType: 'SessionOperation',
    message: operation,
  } as const
}
