import type { Address } from 'viem'

/** The module's EIP-712 domain. It has no chain id: a session lists its chains itself. */
export function moduleDomain(module: Address) {
  return { name: 'Smart Session', version: '1', verifyingContract: module } as const
}
