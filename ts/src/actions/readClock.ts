import type { Client } from 'viem'
import { getBlock } from 'viem/actions'
import { SessionRefused } from '../errors/sessionRefused.js'
import { checkTime } from '../session/time.js'

/** What two clocks say, in unix seconds. A chain's stands still while nothing happens on it. */
export type Clock = {
  /** The system's clock. */
  readonly system: number
  /** The time of the newest block. */
  readonly block: number
  /** The number of the newest block. */
  readonly number: bigint
  /** The earlier of both. What begins "now" begins a minute before it: see {@link readWindow}. */
  readonly earlier: number
  /** The later of both. What is judged is judged at it: whether a session is over, and what is
   * left of a budget. */
  readonly later: number
}

/** Returns the system's time in unix seconds. */
export const systemTime = (): number => Math.floor(Date.now() / 1000)

/** Reads both clocks.
 *
 * @param now the system's clock, in unix seconds; for tests and for systems without a right one.
 * @throws {@link SessionRefused} if the system's clock does not count unix seconds. */
export async function readClock(client: Client, now = systemTime): Promise<Clock> {
  const system = checkTime('the present', now())
  const { timestamp, number } = await getBlock(client)
  const block = Number(timestamp)
  return { system, block, number, earlier: Math.min(system, block), later: Math.max(system, block) }
}

/** Seconds by which a chain's clock may differ from the system's. */
const MOST_APART = 300

/** Checks that two clocks are not minutes apart.
 *
 * @param mayLag whether the chain may stand still for any time; it is never of a time to come.
 * @throws {@link SessionRefused} if they are. */
export function checkClocks({ system, block }: Clock, mayLag: boolean): void {
  if (block - system <= MOST_APART && (mayLag || system - block <= MOST_APART)) return
  throw new SessionRefused(
    'ClocksDiffer',
    `the newest block is of ${block}, this system's clock says ${system} (unix seconds)`,
    'set the clock, or ask another node',
  )
}
