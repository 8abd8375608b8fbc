import type { Hex } from 'viem'
import { WHOLE } from '../session/disclosure.js'
import { type OperationDraft, type OperationTerms, draftOperation } from './operationDraft.js'

/** Drafts an operation that enables its session with the owner's signature. If the session is
 * enabled when it lands, the owner's signature is not looked at.
 *
 * @throws {@link SessionRefused} if the module would refuse to read it. */
export function draftEnable(terms: OperationTerms, ownerSignature: Hex): OperationDraft {
  return draftOperation('0x01', terms, WHOLE, ownerSignature)
}
