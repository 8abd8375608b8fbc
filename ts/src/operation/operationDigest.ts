import { type Address, type Hash, hashTypedData, keccak256 } from 'viem'
import type { OperationDraft } from './operationDraft.js'
import { operationTypedData } from './operationTypedData.js'

/** Returns the digest that the delegate signs for a user operation: EIP-712, in the module's
 * domain. The hash of the user operation leaves its signature out, so the session and everything
 * disclosed is bound here. */
export function operationDigest(module: Address, draft: OperationDraft, userOpHash: Hash): Hash {
  const disclosure = keccak256(draft.disclosed)
  return hashTypedData(
    operationTypedData(module, { userOpHash, sessionId: draft.sessionId, disclosure }),
  )
}
