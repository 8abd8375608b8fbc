import { type Address, type Hash, type Hex, hashTypedData } from 'viem'
import { moduleDomain } from '../session/moduleDomain.js'
import { EIP712Domain } from '../session/sessionTypes.js'

/** What a delegate signs, all in the module's EIP-712 domain: for a user operation, for an app's
 * message (ERC-1271), for an order. */
export const DELEGATE_TYPES = {
  EIP712Domain,
  SessionOperation: [
    { name: 'userOpHash', type: 'bytes32' },
    { name: 'sessionId', type: 'bytes32' },
    { name: 'disclosure', type: 'bytes32' },
  ],
  SessionSignature: [
    { name: 'hash', type: 'bytes32' },
    { name: 'sessionId', type: 'bytes32' },
    { name: 'disclosure', type: 'bytes32' },
  ],
  SessionExecution: [
    { name: 'sessionId', type: 'bytes32' },
    { name: 'disclosure', type: 'bytes32' },
    { name: 'chainId', type: 'uint256' },
    { name: 'mode', type: 'bytes32' },
    { name: 'executions', type: 'bytes32' },
    { name: 'nonce', type: 'uint24' },
    { name: 'deadline', type: 'uint48' },
    { name: 'gas', type: 'uint32' },
    { name: 'relayer', type: 'address' },
  ],
} as const

/** The messages, by the names of their types. */
export type DelegateMessages = {
  SessionOperation: {
    /** The hash of the user operation, which leaves out its signature field. */
    userOpHash: Hash
    sessionId: Hash
    /** `keccak256` of everything that travels before the signatures. */
    disclosure: Hash
  }
  SessionSignature: {
    /** What the module is asked about. */
    hash: Hash
    sessionId: Hash
    /** `keccak256` of everything that travels before the delegate's signature. */
    disclosure: Hash
  }
  SessionExecution: {
    sessionId: Hash
    /** `keccak256` from the mode byte to the last index, the owner's signature left out. */
    disclosure: Hash
    chainId: bigint
    /** How the account is asked to call (ERC-7579). */
    mode: Hex
    /** `keccak256` of the execution calldata. */
    executions: Hash
    /** The session's next one: orders run one after another. */
    nonce: number
    /** The last second in which it may run, in unix seconds. */
    deadline: number
    /** Gas that the account's call has at least; 0 for no minimum. */
    gas: number
    /** Who alone may bring it; the zero address for anyone. */
    relayer: Address
  }
}

/** Returns what a delegate signs, as typed data. */
export function delegateTypedData<const T extends keyof DelegateMessages>(
  module: Address,
  primaryType: T,
  message: DelegateMessages[T],
) {
  return { domain: moduleDomain(module), types: DELEGATE_TYPES, primaryType, message }
}

/** Returns the digest of {@link delegateTypedData}. */
export function delegateDigest<const T extends keyof DelegateMessages>(
  module: Address,
  primaryType: T,
  message: DelegateMessages[T],
): Hash {
  return hashTypedData(delegateTypedData(module, primaryType, message) as never)
}
