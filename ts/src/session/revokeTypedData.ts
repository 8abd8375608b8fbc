import type { Address, Hash } from 'viem'
import { moduleDomain } from './moduleDomain.js'
import { EIP712Domain } from './sessionTypes.js'

/** The EIP-712 types of what ends a session, when somebody else brings it to the chain. */
export const REVOKE_SESSION_TYPES = {
  EIP712Domain,
  RevokeSession: [
    { name: 'account', type: 'address' },
    { name: 'sessionId', type: 'bytes32' },
  ],
} as const

/** Returns what an owner, or the session's delegate, signs so that anyone can end a session. */
export function revokeTypedData(module: Address, account: Address, sessionId: Hash) {
  return {
    domain: moduleDomain(module),
    types: REVOKE_SESSION_TYPES,
    primaryType: 'RevokeSession',
    message: { account, sessionId },
  } as const
}
