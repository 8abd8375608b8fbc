/** A number as an SDK holds it, or as a JSON file does (decimal, or hex). */
export type Numeric = bigint | number | string

/** Reads a whole number: a `bigint`, a number up to 2^53 − 1, or a text in decimal or hex.
 *
 * @returns `undefined` if it is none. */
export function readWhole(value: unknown): bigint | undefined {
  if (typeof value === 'bigint') return value
  if (typeof value === 'number') return Number.isSafeInteger(value) ? BigInt(value) : undefined
  if (typeof value !== 'string' || !/^(0x[0-9a-fA-F]+|\d+)$/.test(value)) return undefined
  return BigInt(value)
}
