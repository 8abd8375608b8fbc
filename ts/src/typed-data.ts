import { type Address, type Hash, type TypedDataDefinition, hashStruct, hashTypedData } from 'viem'
import { checkSession } from './check.js'
import { moduleDomain } from './domain.js'
import { checkRepresentable } from './representable.js'
import type { Chain, Session } from './session.js'

const EIP712Domain = [
  { name: 'name', type: 'string' },
  { name: 'version', type: 'string' },
  { name: 'verifyingContract', type: 'address' },
] as const

const ArgumentRule = [
  { name: 'index', type: 'uint8' },
  { name: 'min', type: 'uint256' },
  { name: 'max', type: 'uint256' },
] as const

/** The EIP-712 types of a session, the fields in order, with those of its domain. */
export const SESSION_TYPES = {
  EIP712Domain,
  Session: [
    { name: 'account', type: 'address' },
    { name: 'chains', type: 'Chain[]' },
    { name: 'delegate', type: 'address' },
    { name: 'delegateKind', type: 'uint8' },
    { name: 'validAfter', type: 'uint48' },
    { name: 'validUntil', type: 'uint48' },
    { name: 'maxCalls', type: 'uint32' },
    { name: 'feeLimit', type: 'uint96' },
    { name: 'paymaster', type: 'address' },
    { name: 'permissions', type: 'Permission[]' },
    { name: 'budgets', type: 'Budget[]' },
    { name: 'signing', type: 'SigningScope[]' },
    { name: 'salt', type: 'uint64' },
  ],
  ArgumentRule,
  Budget: [
    { name: 'token', type: 'address' },
    { name: 'amount', type: 'uint128' },
    { name: 'period', type: 'uint32' },
  ],
  Chain: [
    { name: 'chainId', type: 'uint256' },
    { name: 'epoch', type: 'uint64' },
  ],
  Permission: [
    { name: 'target', type: 'address' },
    { name: 'selector', type: 'bytes4' },
    { name: 'valueLimit', type: 'uint256' },
    { name: 'rules', type: 'ArgumentRule[]' },
  ],
  SigningScope: [
    { name: 'domainSeparator', type: 'bytes32' },
    { name: 'typeHash', type: 'bytes32' },
    { name: 'rules', type: 'ArgumentRule[]' },
  ],
} as const

/** The EIP-712 types of what a delegate signs for a user operation. */
export const SESSION_OPERATION_TYPES = {
  EIP712Domain,
  SessionOperation: [
    { name: 'userOpHash', type: 'bytes32' },
    { name: 'sessionId', type: 'bytes32' },
    { name: 'disclosure', type: 'bytes32' },
  ],
} as const

/** The EIP-712 types of what a delegate signs for an app's message (ERC-1271). */
export const SESSION_SIGNATURE_TYPES = {
  EIP712Domain,
  SessionSignature: [
    { name: 'hash', type: 'bytes32' },
    { name: 'sessionId', type: 'bytes32' },
    { name: 'disclosure', type: 'bytes32' },
  ],
} as const

/** The EIP-712 types of what ends a session, when somebody else brings it to the chain. */
export const REVOKE_SESSION_TYPES = {
  EIP712Domain,
  RevokeSession: [
    { name: 'account', type: 'address' },
    { name: 'sessionId', type: 'bytes32' },
  ],
} as const

/** The EIP-712 types of what ends all sessions of an account on one chain, likewise. */
export const REVOKE_ALL_SESSIONS_TYPES = {
  EIP712Domain,
  RevokeAllSessions: [
    { name: 'account', type: 'address' },
    { name: 'chainId', type: 'uint256' },
    { name: 'epoch', type: 'uint64' },
  ],
} as const

/** A session as typed data, as `signTypedData` of viem and permissionless takes it. */
export type SessionTypedData = TypedDataDefinition<typeof SESSION_TYPES, 'Session'>

/** Returns the session id: the EIP-712 struct hash of the session, the same with every module.
 *
 * @throws {@link SessionRefused} if a field does not fit its type. */
export function sessionId(session: Session): Hash {
  checkRepresentable(session)
  return hashStruct({ types: SESSION_TYPES, primaryType: 'Session', data: session })
}

/** Returns the digest that stands for a session in a module's domain.
 *
 * @throws {@link SessionRefused} if a field does not fit its type. */
export function sessionDigest(module: Address, session: Session): Hash {
  checkRepresentable(session)
  return hashTypedData(define(module, session))
}

/** Returns what the owner signs, for a wallet or for `account.signTypedData`.
 *
 * @throws {@link SessionRefused} if the module would never enable the session: nobody should sign
 * what cannot work. */
export function sessionTypedData(module: Address, session: Session): SessionTypedData {
  checkSession(session, module)
  return define(module, session)
}

function define(module: Address, session: Session): SessionTypedData {
  return {
    domain: moduleDomain(module),
    types: SESSION_TYPES,
    primaryType: 'Session',
    message: session,
  }
}

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

/** Returns what an owner, or the session's delegate, signs so that anyone can end a session. */
export function revokeTypedData(module: Address, account: Address, sessionId: Hash) {
  return {
    domain: moduleDomain(module),
    types: REVOKE_SESSION_TYPES,
    primaryType: 'RevokeSession',
    message: { account, sessionId },
  } as const
}

/** Returns what an owner signs so that anyone can end all sessions of an account on a chain.
 *
 * @param chain the chain, and the account's epoch there, which the signature ends. */
export function revokeAllTypedData(module: Address, account: Address, chain: Chain) {
  return {
    domain: moduleDomain(module),
    types: REVOKE_ALL_SESSIONS_TYPES,
    primaryType: 'RevokeAllSessions',
    message: { account, ...chain },
  } as const
}

/** Returns the digest of {@link revokeTypedData}. */
export function revokeDigest(module: Address, account: Address, sessionId: Hash): Hash {
  return hashTypedData(revokeTypedData(module, account, sessionId))
}
