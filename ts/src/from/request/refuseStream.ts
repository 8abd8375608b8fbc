import { readWhole } from '../../session/readWhole.js'
import { WORD_MAX, sayWord } from '../range.js'
import type { SessionDraft } from '../sessionDraft.js'

/** Seconds; the period that is offered instead of a stream. */
const DAY = 86_400n

/** Refuses a stream, and offers the periodic permission that never lets more through.
 *
 * By a moment t a stream has let through at most `initial + rate · (t − start)`. A day's worth in
 * each day stays below that from one day after the start on, or from the start on where the initial
 * amount is a day's worth. */
export function refuseStream(
  { findings, terms }: SessionDraft,
  what: string,
  data: { [field: string]: unknown },
): void {
  const path = 'permission.data'
  const rate = findings.whole(`${path}.amountPerSecond`, data['amountPerSecond'], 256)
  const initial = findings.whole(`${path}.initialAmount`, data['initialAmount'] ?? 0n, 256)
  const start = findings.whole(`${path}.startTime`, data['startTime'] ?? terms.validAfter ?? 0, 47)
  if (rate === undefined || initial === undefined || start === undefined) return
  const amount = rate * DAY > WORD_MAX ? WORD_MAX : rate * DAY
  const begin = initial >= amount ? start : start + DAY
  findings.refuse(
    'permission.type',
    `an amount that grows by ${sayWord(rate)} each second`,
    `ask for ${what}-token-periodic: periodAmount 0x${amount.toString(16)} (${sayWord(amount)}), ` +
      `periodDuration ${DAY}, startTime ${begin}${sayMaximum(data['maxAmount'], amount)}`,
  )
}

/** A stream ends when its maximum is reached; a periodic permission, with its expiry. */
function sayMaximum(maximum: unknown, amount: bigint): string {
  const whole = readWhole(maximum)
  if (whole === undefined || amount === 0n) return ''
  return `, and a rule "expiry" after ${whole / amount} days`
}
