import { type Address, type Hash, hashTypedData, keccak256 } from 'viem'
import type { SignatureDraft } from './signatureDraft.js'
import { signatureTypedData } from './signatureTypedData.js'

/** Returns the digest that the delegate signs for a message.
 *
 * @param hash what the module is asked about: {@link messageHash}, which some accounts wrap. */
export function signatureDigest(module: Address, draft: SignatureDraft, hash: Hash): Hash {
  const disclosure = keccak256(draft.disclosed)
  return hashTypedData(signatureTypedData(module, { hash, sessionId: draft.sessionId, disclosure }))
}
