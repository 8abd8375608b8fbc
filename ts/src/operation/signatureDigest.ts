import { type Address, type Hash, keccak256 } from 'viem'
import { delegateDigest } from './delegateTypedData.js'
import type { SignatureDraft } from './signatureDraft.js'

/** Returns the digest that the delegate signs for a message.
 *
 * @param hash what the module is asked about: {@link messageHash}, which some accounts wrap. */
export function signatureDigest(module: Address, draft: SignatureDraft, hash: Hash): Hash {
  const { sessionId, disclosed } = draft
  return delegateDigest(module, 'SessionSignature', {
    hash,
    sessionId,
    disclosure: keccak256(disclosed),
  })
}
