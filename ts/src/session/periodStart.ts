import type { Budget, Session } from './session.js'

/** Returns when the period of a budget begins that a moment lies in, in unix seconds; the window's
 * beginning where the budget has no periods.
 *
 * A window of n periods has n: its last second belongs to the last one.
 *
 * @param at a moment of the session's window. */
export function periodStart(
  { validAfter, validUntil }: Session,
  { period }: Budget,
  at: number,
): number {
  if (period === 0) return validAfter
  const last = Math.floor((validUntil - validAfter - 1) / period)
  const current = Math.floor((at - validAfter) / period)
  return validAfter + Math.min(current, last) * period
}
