import { BaseError, type Hex } from 'viem'
import { explainReason } from './entryPointReasons.js'
import { errorName, explain } from './explain.js'

/** Returns what a failed call or a bundler's refusal means, in one sentence: the module's error, or
 * else what the EntryPoint's code (AA…) says; `undefined` if there is neither in it.
 *
 * Bundlers put revert data into the error's data or into its message, each in its own way: every
 * piece of hex in the error, whatever its key, is looked at. */
export function explainFailure(error: unknown): string | undefined {
  const texts = textsOf(error)
  let reason: string | undefined
  for (const text of texts) {
    for (const [hex] of text.matchAll(/0x[0-9a-fA-F]{8,}/g)) {
      const data = hex.toLowerCase() as Hex
      const sentence = explain(data)
      if (errorName(data) !== undefined) return sentence
      reason ??= sentence
    }
  }
  for (const text of texts) reason ??= explainReason(text)
  return reason
}

/** How many objects lie around a text at most. */
const DEEPEST = 12
/** How many texts are looked at. */
const MOST_TEXTS = 1_000

/** What errors tell about the call itself (arguments, calldata, the request) is no answer. */
const ASKED = [
  'abi',
  'account',
  'args',
  'body',
  'metaMessages',
  'request',
  'stack',
  'userOperation',
]

/** All texts in an error and its causes that may carry revert data. */
function textsOf(error: unknown): string[] {
  const texts: string[] = []
  const seen = new Set<unknown>()
  const visit = (value: unknown, depth: number) => {
    if (texts.length >= MOST_TEXTS) return
    if (typeof value === 'string') texts.push(value.replaceAll('0X', '0x'))
    if (typeof value !== 'object' || value === null || depth > DEEPEST || seen.has(value)) return
    seen.add(value)
    const skipped = value instanceof BaseError ? [...ASKED, 'message'] : ASKED
    // An error's message and cause are not among its enumerable keys.
    for (const key of new Set([...Object.keys(value), 'shortMessage', 'message', 'cause'])) {
      if (!skipped.includes(key)) visit((value as Record<string, unknown>)[key], depth + 1)
    }
  }
  visit(error, 0)
  return texts
}
