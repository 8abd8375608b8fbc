import type { Address, Hash } from 'viem'
import { moduleDomain } from './moduleDomain.js'
import type { Chain } from './session.js'
import { EIP712Domain } from './sessionTypes.js'

/** The EIP-712 types of what ends all sessions of an account on one chain, likewise. */
export const REVOKE_ALL_SESSIONS_TYPES = {
  EIP712Domain,
  RevokeAllSessions: [
    { name: 'account', type: 'address' },
    { name: 'chainId', type: 'uint256' },
    { name: 'epoch', type: 'uint64' },
    { name: 'salt', type: 'bytes32' },
  ],
} as const

/** Returns what an owner signs so that anyone can end all sessions of an account on a chain.
 *
 * @param chain the chain, and the account's epoch there, which the signature ends.
 * @param salt of {@link randomSalt}, made for this one revocation. */
export function revokeAllTypedData(module: Address, account: Address, chain: Chain, salt: Hash) {
  return {
    domain: moduleDomain(module),
    types: REVOKE_ALL_SESSIONS_TYPES,
    primaryType: 'RevokeAllSessions',
    message: { account, ...chain, salt },
  } as const
}
