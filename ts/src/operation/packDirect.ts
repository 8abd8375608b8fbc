import { type Hex, concat } from 'viem'
import { type Disclosure, WHOLE } from '../session/disclosure.js'
import { type OperationTerms, packOwner, packUse } from './operationDraft.js'

/** Returns what {@link executeCall} gives the module instead of `userOp.signature`: the caller is
 * the delegate, so there is no signature of it, and the chain knows the time.
 *
 * @param ownerSignature with it, the call enables the session; then the session travels whole.
 * @throws {@link SessionRefused} if the module would refuse to read it. */
export function packDirect(
  terms: Omit<OperationTerms, 'claimedTime'>,
  disclosure: Disclosure = WHOLE,
  ownerSignature?: Hex,
): Hex {
  if (ownerSignature === undefined) return packUse('0x00', terms, disclosure)
  return concat([packUse('0x01', terms, WHOLE), packOwner(ownerSignature)])
}
