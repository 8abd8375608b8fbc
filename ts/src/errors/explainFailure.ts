import { type Hex, BaseError, isHex } from 'viem'
import { explain } from './explain.js'

/** Returns what a failed call or a bundler's refusal means, in one sentence; `undefined` if there
 * is no module error in it.
 *
 * Bundlers put revert data into the error's data or into its message, each in its own way: every
 * piece of hex in the error and its causes is looked at. */
export function explainFailure(error: unknown): string | undefined {
  for (const text of textsOf(error)) {
    for (const [hex] of text.matchAll(/0x[0-9a-fA-F]{8,}/g)) {
      const sentence = explain(hex as Hex)
      if (sentence !== undefined) return sentence
    }
  }
  return undefined
}

/** All texts in an error and its causes that may carry revert data. */
function textsOf(error: unknown): string[] {
  const texts: string[] = []
  const seen = new Set<unknown>()
  const visit = (value: unknown) => {
    if (typeof value === 'string') texts.push(value)
    if (typeof value !== 'object' || value === null || seen.has(value)) return
    seen.add(value)
    // What viem tells about the call itself (arguments, calldata) is no answer.
    if (value instanceof BaseError) texts.push(value.details ?? '', value.shortMessage)
    else if (value instanceof Error) texts.push(value.message)
    const { cause, data, error: inner } = value as Record<string, unknown>
    for (const next of [data, cause, inner]) visit(next)
  }
  visit(error)
  return texts.filter((text) => isHex(text) || text.includes('0x'))
}
