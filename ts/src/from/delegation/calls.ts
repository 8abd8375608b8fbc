import { type Address, type Hex, isAddressEqual, size, slice } from 'viem'
import { ANY_CALL, PLAIN_TRANSFER } from '../../session/session.js'
import type { WordBound } from '../callGrant.js'
import { WORD_MAX, span } from '../range.js'
import type { SessionDraft } from '../sessionDraft.js'

/** What the caveats together leave of calls. Nothing named means everything. */
export type Calls = {
  targets?: readonly Address[]
  selectors?: readonly Hex[]
  words: WordBound[]
  valueLimit: bigint
  /** Where rules about arguments stand, for refusals. */
  wordPaths: string[]
}

/** Returns calls that nothing limits yet. */
export const everyCall = (): Calls => ({ words: [], wordPaths: [], valueLimit: WORD_MAX })

/** Leaves only these targets. */
export function allowTargets(calls: Calls, targets: readonly Address[]): void {
  const { targets: before } = calls
  calls.targets = (before ?? targets).filter((each) => targets.some((t) => isAddressEqual(t, each)))
}

/** Leaves only these functions. */
export function allowSelectors(calls: Calls, selectors: readonly Hex[]): void {
  calls.selectors = (calls.selectors ?? selectors).filter((each) => selectors.includes(each))
}

/** Leaves only calldata with these bytes at this place, or says that rules cannot say it. */
export function fixBytes(calls: Calls, path: string, start: bigint, bytes: Hex): boolean {
  if (start === 0n) {
    if (size(bytes) < 4) return false
    allowSelectors(calls, [slice(bytes, 0, 4)])
    return size(bytes) === 4 || fixBytes(calls, path, 4n, slice(bytes, 4))
  }
  const offset = start - 4n
  if (offset < 0n || offset % 32n !== 0n) return false
  const first = Number(offset / 32n)
  const count = Math.ceil(size(bytes) / 32)
  if (offset > 255n * 32n || first + count > 256) return false
  for (let i = 0; i < count; i += 1) {
    const part = slice(bytes, 32 * i, Math.min(32 * (i + 1), size(bytes)))
    // A word whose first bytes are fixed lies between those bytes with zeros and with ones.
    const free = BigInt(8 * (32 - size(part)))
    const min = BigInt(part) << free
    calls.words.push({ index: first + i, ranges: span(min, min + (1n << free) - 1n) })
  }
  calls.wordPaths.push(path)
  return true
}

/** Turns what is left of calls into grants, or refuses what no permission says. */
export function grantCalls(draft: SessionDraft, calls: Calls): void {
  const { findings } = draft
  const { targets, selectors, words, wordPaths, valueLimit } = calls
  if (!targets) {
    findings.refuse(
      'caveats',
      'calls of any target: no caveat names the targets',
      'add allowedTargets; for native transfers, name the receivers (terms.receivers)',
    )
  }
  if (targets?.length === 0 || selectors?.length === 0) {
    findings.refuse('caveats', 'no call agrees with all caveats', 'drop those that contradict')
  }
  if (words.length > 0 && !selectors) {
    for (const path of wordPaths) {
      findings.refuse(path, 'arguments of any function', 'name the function: allowedMethods')
    }
    return
  }
  for (const target of targets ?? []) {
    for (const selector of selectors ?? [ANY_CALL]) {
      draft.grants.push({ path: 'caveats', target, selector, valueLimit, words })
    }
  }
}

/** Whether a function's selector stands for something else in a session. */
export function isReserved(selector: Hex): boolean {
  return selector === ANY_CALL || selector === PLAIN_TRANSFER
}
