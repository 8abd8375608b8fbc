import type { Client } from 'viem'
import { getChainId } from 'viem/actions'
import { SessionRefused } from '../errors/sessionRefused.js'
import { checkTime } from '../session/time.js'
import { checkClocks, readClock } from './readClock.js'

/** When a new session is to hold. */
export type WindowTerms = {
  /** Its length in seconds: for periodic budgets, a multiple of the period. */
  seconds: number
  /** When it begins, in unix seconds; now if left out. */
  from?: number
  /** A chain whose clock may lag behind by any time, because it stands still while nothing happens.
   * Left out: whether the chain's id is that of a development chain. */
  isDevelopment?: boolean
  /** The system's clock, in unix seconds. */
  now?: () => number
}

/** What begins now begins so many seconds before the earlier clock, and ends so much earlier too:
 * a bundler may simulate on a block that is older. */
const EARLIER = 60
/** The ids of chains that run on one machine: Ganache and Geth, Anvil and Hardhat, Nitro. */
const DEVELOPMENT_CHAINS = [1337, 31337, 412346]

/** Returns the window of a session that begins now, so that it holds at once.
 *
 * @throws {@link SessionRefused} if the chain's clock and the system's are minutes apart, and
 * nothing says when the session is to begin. */
export async function readWindow(
  client: Client,
  { seconds, from, isDevelopment, now }: WindowTerms,
): Promise<{ validAfter: number; validUntil: number }> {
  if (!Number.isSafeInteger(seconds) || seconds <= 0) {
    const reason = `a session for ${seconds} seconds has no window`
    throw new SessionRefused('RefusedWindow', reason, 'give a whole number of seconds')
  }
  const validAfter = from ?? (await begin(client, isDevelopment, now))
  checkTime('the beginning of the session', validAfter)
  return { validAfter, validUntil: checkTime('the end of the session', validAfter + seconds) }
}

async function begin(
  client: Client,
  isDevelopment: boolean | undefined,
  now: (() => number) | undefined,
): Promise<number> {
  const clock = await readClock(client, now)
  checkClocks(clock, isDevelopment ?? DEVELOPMENT_CHAINS.includes(await getChainId(client)))
  return clock.earlier - EARLIER
}
