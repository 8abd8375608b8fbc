import { type Hash, type Hex, concat } from 'viem'
import { checkChainListed } from '../session/checkChainListed.js'
import { type Disclosure, WHOLE, discloseUsed } from '../session/disclosure.js'
import type { Session } from '../session/session.js'
import { sessionId } from '../session/sessionId.js'
import { coverExecutions } from './coverExecutions.js'
import { encodeExecutions } from './encodeExecutions.js'
import type { Execution } from './execution.js'
import { type OperationTerms, packOwner, packUse } from './operationDraft.js'

/** What is called directly, without a bundler. */
export type DirectTerms = {
  session: Session
  /** The chain that it is called on. */
  chainId: bigint
  executions: readonly Execution[]
  /** The owner's signature of the session; with it, the call enables the session. */
  ownerSignature?: Hex | undefined
}

/** What the module is given instead of `userOp.signature` and calldata of the account. */
export type DirectDraft = {
  /** The session's id. */
  readonly sessionId: Hash
  /** From the mode byte to the last index: what the signature of an order covers. */
  readonly disclosed: Hex
  /** The same, with the owner's signature behind it where the call enables the session. */
  readonly packed: Hex
}

/** Drafts what the module reads on the direct path: the delegate calls, or signs an order, and the
 * chain knows the time.
 *
 * @param ownerSignature with it, the call enables the session; then the session travels whole.
 * @throws {@link SessionRefused} if the module would refuse to read it. */
export function draftDirect(
  terms: Omit<OperationTerms, 'claimedTime'>,
  disclosure: Disclosure = WHOLE,
  ownerSignature?: Hex,
): DirectDraft {
  const id = sessionId(terms.session)
  if (ownerSignature === undefined) {
    const disclosed = packUse('0x00', terms, disclosure)
    return { sessionId: id, disclosed, packed: disclosed }
  }
  const disclosed = packUse('0x01', terms, WHOLE)
  return { sessionId: id, disclosed, packed: concat([disclosed, packOwner(ownerSignature)]) }
}

/** Drafts a direct call that does so much: each execution by the first permission that covers it,
 * and nothing else shown.
 *
 * @throws {@link SessionRefused} if the session does not hold on the chain, or does not permit an
 * execution. */
export function draftDirectCall({ session, chainId, executions, ownerSignature }: DirectTerms) {
  checkChainListed(session, chainId)
  const permissions = coverExecutions(session, executions)
  const disclosure = discloseUsed(chainId, permissions)
  const draft = draftDirect({ session, permissions }, disclosure, ownerSignature)
  return { ...draft, ...encodeExecutions(executions) }
}
