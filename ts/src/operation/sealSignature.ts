import { type Hex, concat } from 'viem'
import type { SignatureDraft } from './signatureDraft.js'

/** Returns the signature as the module reads it. */
export function sealSignature(draft: SignatureDraft, delegateSignature: Hex): Hex {
  return concat([draft.disclosed, delegateSignature])
}
