import { type Disclosure, WHOLE } from '../session/disclosure.js'
import { type OperationDraft, type OperationTerms, draftOperation } from './operationDraft.js'

/** Drafts an operation of a session that is enabled.
 *
 * @throws {@link SessionRefused} if the module would refuse to read it. */
export function draftUse(terms: OperationTerms, disclosure: Disclosure = WHOLE): OperationDraft {
  return draftOperation('0x00', terms, disclosure, undefined)
}
