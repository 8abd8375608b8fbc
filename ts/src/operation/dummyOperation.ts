import type { Hex } from 'viem'
import { dummyDelegateSignature } from '../accounts/dummyDelegateSignature.js'
import type { OperationDraft } from './operationDraft.js'
import { sealOperation } from './sealOperation.js'

/** Returns `userOp.signature` with a delegate's signature that never holds and costs the module
 * the same gas as a real one: for estimating.
 *
 * @param clientDataLength bytes of a passkey's client data; see {@link dummyDelegateSignature}. */
export function dummyOperation(draft: OperationDraft, clientDataLength?: number): Hex {
  return sealOperation(draft, dummyDelegateSignature(draft.delegateKind, clientDataLength))
}
