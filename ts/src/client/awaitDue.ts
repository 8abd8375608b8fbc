import { type Clock, readClock } from '../actions/readClock.js'
import { SessionRefused } from '../errors/sessionRefused.js'
import { checkWithin, dueTime } from './dueTime.js'
import type { SessionAccountTerms } from './sessionAccountTerms.js'

/** Milliseconds for which a moment is waited for, and between two looks. */
const LONGEST_WAIT = 5_000
const LOOK_AGAIN = 250

/** Waits until an operation for the present is due: by the later clock, or by the newest block, where
 * a bundler simulates on it. From EntryPoint 0.8 on, the first second of a window or period is waited
 * out.
 *
 * @returns what the clocks say then.
 * @throws {@link SessionRefused} if the session is over, or has not begun, or no block comes. */
export async function awaitDue(
  { account, session, now }: SessionAccountTerms,
  isOnBlock = false,
): Promise<Clock> {
  const deadline = Date.now() + LONGEST_WAIT
  for (;;) {
    const clock = await readClock(account.client, now)
    checkWithin(session, clock.later)
    const due = dueTime(session, clock.later, account.entryPoint.version)
    const isLate = Date.now() > deadline
    if ((isOnBlock ? clock.block : clock.later) >= due || (isLate && !isOnBlock)) return clock
    if (isLate) {
      throw new SessionRefused(
        'NotDueYet',
        `the operation is for a time from ${due} on, the newest block is of ${clock.block}`,
        'send it again when the chain has a new block',
      )
    }
    await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN))
  }
}
