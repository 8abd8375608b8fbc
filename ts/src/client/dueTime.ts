import type { SmartAccount } from 'viem/account-abstraction'
import { SessionRefused } from '../errors/sessionRefused.js'
import { periodStart } from '../session/periodStart.js'
import type { Session } from '../session/session.js'

/** Returns the first moment at which an EntryPoint takes an operation for its window and the
 * periods that it is in: from 0.8 on, the first second of each is not within it.
 *
 * @param at the moment that the operation claims. */
export function dueTime(
  session: Session,
  at: number,
  version: SmartAccount['entryPoint']['version'],
): number {
  const starts = session.budgets.map((budget) => periodStart(session, budget, at))
  return Math.max(session.validAfter, ...starts) + (version === '0.7' ? 0 : 1)
}

/** Checks that a moment lies in a session's window.
 *
 * @throws {@link SessionRefused} if the session is over, or has not begun. */
export function checkWithin({ validAfter, validUntil }: Session, at: number): void {
  if (validAfter <= at && at <= validUntil) return
  throw new SessionRefused(
    'OutsideWindow',
    `the time is ${at}, the session is valid from ${validAfter} to ${validUntil}`,
    at < validAfter ? 'wait until it begins' : 'ask the owner for a new session',
  )
}
