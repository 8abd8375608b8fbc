import type { Hex } from 'viem'
import { dummyDelegateSignature } from '../accounts/dummyDelegateSignature.js'
import type { OperationDraft } from './operationDraft.js'
import { sealOperation } from './sealOperation.js'

/** Returns `userOp.signature` with a delegate's signature that never holds and costs the module
 * the same gas as a real one: for estimating. */
export function dummyOperation(draft: OperationDraft): Hex {
  return sealOperation(draft, dummyDelegateSignature(draft.delegateKind))
}
