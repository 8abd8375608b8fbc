import type { Address, Hash } from 'viem'
import { moduleDomain } from '../session/moduleDomain.js'
import { EIP712Domain } from '../session/sessionTypes.js'

/** The EIP-712 types of what a delegate signs for an app's message (ERC-1271). */
export const SESSION_SIGNATURE_TYPES = {
  EIP712Domain,
  SessionSignature: [
    { name: 'hash', type: 'bytes32' },
    { name: 'sessionId', type: 'bytes32' },
    { name: 'disclosure', type: 'bytes32' },
  ],
} as const

/** What a delegate signs for an app's message. */
export type SessionSignature = {
  /** What the module is asked about. */
  hash: Hash
  /** The session's id. */
  sessionId: Hash
  /** `keccak256` of everything that travels before the delegate's signature. */
  disclosure: Hash
}

/** Returns what a delegate signs for an app's message, as typed data. */
export function signatureTypedData(module: Address, signature: SessionSignature) {
  return {
    domain: moduleDomain(module),
    types: SESSION_SIGNATURE_TYPES,
    primaryType: 'SessionSignature',
    message: signature,
  } as const
}
