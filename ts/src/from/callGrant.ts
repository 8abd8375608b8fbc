import type { Address, Hex } from 'viem'
import { type Permission, ANY_CALL, PLAIN_TRANSFER } from '../session/session.js'
import { type Range, WORD_MAX, intersect, sayRanges, sayWord } from './range.js'

/** What a word of the calldata may be. */
export type WordBound = { index: number; ranges: readonly Range[] }

/** A kind of call that a source permits: one target and function, and bounds on its words. */
export type CallGrant = {
  /** Where it stands in the input. */
  path: string
  target: Address
  selector: Hex
  valueLimit: bigint
  words: readonly WordBound[]
}

/** Returns the bounds with one for each word, which says what all bounds on it say. */
export function joinBounds(words: readonly WordBound[]): readonly WordBound[] {
  const joined = new Map<number, readonly Range[]>()
  for (const { index, ranges } of words) {
    const before = joined.get(index)
    joined.set(index, before ? intersect(before, ranges) : ranges)
  }
  return [...joined].map(([index, ranges]) => ({ index, ranges })).sort((a, b) => a.index - b.index)
}

/** Returns how many permissions say the same as a grant. */
export function countPermissions({ words }: CallGrant): number {
  return words.reduce((count, { ranges }) => count * ranges.length, 1)
}

/** Returns the permissions that together say the same as a grant.
 *
 * A permission bounds each word once; a word of several ranges takes a permission for each. */
export function toPermissions({ target, selector, valueLimit, words }: CallGrant): Permission[] {
  let rules: Permission['rules'][] = [[]]
  for (const { index, ranges } of words) {
    rules = rules.flatMap((before) => ranges.map((range) => [...before, { index, ...range }]))
  }
  return rules.map((each) => ({ target, selector, valueLimit, rules: each }))
}

/** Returns a grant in words. */
export function sayGrant({ target, selector, valueLimit, words }: CallGrant): string {
  const bounds = words.map(({ index, ranges }) => `word ${index} is ${sayRanges(ranges)}`)
  return [`${sayFunction(selector)} ${target}`, sayValue(valueLimit), ...bounds].join(', ')
}

function sayFunction(selector: Hex): string {
  if (selector === ANY_CALL) return 'any call of'
  return selector === PLAIN_TRANSFER ? 'transfers without calldata to' : `function ${selector} of`
}

/** Returns in words how much value may go with a call. */
export function sayValue(limit: bigint): string {
  if (limit === 0n) return 'without value'
  return limit === WORD_MAX ? 'with any value' : `with at most ${sayWord(limit)} wei`
}
