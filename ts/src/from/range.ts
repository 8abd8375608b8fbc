/** The values of a calldata word from `min` to `max`, both included, read as unsigned. */
export type Range = { min: bigint; max: bigint }

/** The highest value of a word. */
export const WORD_MAX = 2n ** 256n - 1n
/** Every value. */
export const EVERY: readonly Range[] = [{ min: 0n, max: WORD_MAX }]

/** How a word is compared with a reference. */
export type Relation = 'equal' | 'notEqual' | 'over' | 'under' | 'atLeast' | 'atMost'

/** Returns the values that stand in a relation to a reference: none, one range or two. */
export function rangesOf(relation: Relation, reference: bigint): readonly Range[] {
  switch (relation) {
    case 'equal':
      return span(reference, reference)
    case 'notEqual':
      return [...span(0n, reference - 1n), ...span(reference + 1n, WORD_MAX)]
    case 'over':
      return span(reference + 1n, WORD_MAX)
    case 'under':
      return span(0n, reference - 1n)
    case 'atLeast':
      return span(reference, WORD_MAX)
    case 'atMost':
      return span(0n, reference)
  }
}

/** Returns the values from `min` to `max`: none if these are the wrong way round. */
export function span(min: bigint, max: bigint): readonly Range[] {
  return min <= max ? [{ min, max }] : []
}

/** Returns the values of a list, neighbours as one range. */
export function oneOf(values: readonly bigint[]): readonly Range[] {
  const ranges: Range[] = []
  for (const value of [...new Set(values)].sort((a, b) => (a < b ? -1 : 1))) {
    const last = ranges.at(-1)
    if (last && last.max + 1n === value) last.max = value
    else ranges.push({ min: value, max: value })
  }
  return ranges
}

/** Returns the values that are in both. */
export function intersect(some: readonly Range[], others: readonly Range[]): readonly Range[] {
  return some.flatMap(({ min, max }) =>
    others.flatMap((other) =>
      span(min > other.min ? min : other.min, max < other.max ? max : other.max),
    ),
  )
}

/** Returns the ranges in words. */
export function sayRanges(ranges: readonly Range[]): string {
  return ranges.map(sayRange).join(' or ') || 'nothing'
}

function sayRange({ min, max }: Range): string {
  if (min === max) return sayWord(min)
  if (max === WORD_MAX) return min === 0n ? 'anything' : `at least ${sayWord(min)}`
  return min === 0n ? `at most ${sayWord(max)}` : `${sayWord(min)} to ${sayWord(max)}`
}

/** A word in words: small ones in decimal. */
export function sayWord(word: bigint): string {
  return word >> 64n === 0n ? `${word}` : `0x${word.toString(16)}`
}

/** Returns the lesser of two numbers. */
export const least = (a: bigint, b: bigint): bigint => (a < b ? a : b)
