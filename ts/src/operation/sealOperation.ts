import { type Hex, concat } from 'viem'
import { type OperationDraft, packOwner } from './operationDraft.js'

/** Returns `userOp.signature`. */
export function sealOperation(draft: OperationDraft, delegateSignature: Hex): Hex {
  const { disclosed, ownerSignature } = draft
  if (ownerSignature === undefined) return concat([disclosed, delegateSignature])
  return concat([disclosed, packOwner(ownerSignature), delegateSignature])
}
