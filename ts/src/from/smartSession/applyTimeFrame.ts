import { type SessionDraft, beginAt, endWith } from '../sessionDraft.js'
import type { ReadPolicy } from './readPolicies.js'

/** Narrows the window to a time frame. A zero stands for no bound.
 *
 * @param isWhole whether the frame is for all that the source permits. */
export function applyTimeFrame(
  draft: SessionDraft,
  { path, validAfter, validUntil }: ReadPolicy & { kind: 'timeFrame' },
  isWhole: boolean,
): void {
  if (validAfter === 0n && validUntil === 0n) return refuseUnset(draft, path)
  beginAt(draft, validAfter)
  if (validUntil !== 0n) endWith(draft, validUntil)
  const words = `from ${validAfter} ${validUntil === 0n ? 'on' : `until ${validUntil}`}`
  if (isWhole) draft.findings.same(path, words, words)
  else draft.findings.narrower(path, words, `${words}, for the whole session`)
}

/** A policy that is told zero takes itself for unset, and refuses everything. */
export function refuseUnset({ findings }: SessionDraft, path: string): undefined {
  findings.refuse(
    path,
    'a limit of zero: the policy takes it for unset and refuses everything',
    'drop what it is for, or say the limit that is meant',
  )
}
