import { type Address, type Hash, keccak256 } from 'viem'
import { delegateDigest } from './delegateTypedData.js'
import type { OperationDraft } from './operationDraft.js'

/** Returns the digest that the delegate signs for a user operation: EIP-712, in the module's
 * domain. The hash of the user operation leaves its signature out, so the session and everything
 * disclosed is bound here. */
export function operationDigest(module: Address, draft: OperationDraft, userOpHash: Hash): Hash {
  const { sessionId, disclosed } = draft
  const disclosure = keccak256(disclosed)
  return delegateDigest(module, 'SessionOperation', { userOpHash, sessionId, disclosure })
}
