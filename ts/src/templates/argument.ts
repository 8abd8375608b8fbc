import type { Address } from 'viem'
import type { ArgumentRule } from '../session/session.js'

const WORD_MAX = 2n ** 256n - 1n

/** Returns the rule that an argument is one value. */
export function exactly(index: number, value: bigint | Address): ArgumentRule {
  return { index, min: BigInt(value), max: BigInt(value) }
}

/** Returns the rule that an argument is a value or less. */
export function atMost(index: number, value: bigint): ArgumentRule {
  return { index, min: 0n, max: value }
}

/** Returns the rule that an argument is a value or more. */
export function atLeast(index: number, value: bigint): ArgumentRule {
  return { index, min: value, max: WORD_MAX }
}
