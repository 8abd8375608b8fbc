import { SessionRefused } from '../errors/sessionRefused.js'

/** 2100-01-01, in unix seconds. Later times are taken for milliseconds. */
export const LATEST_TIME = 4_102_444_800

/** Checks that a moment is one of unix seconds.
 *
 * @param field what is called so in the refusal.
 * @throws {@link SessionRefused} if it is no whole number of seconds before the year 2100. */
export function checkTime(field: string, seconds: number): number {
  if (Number.isSafeInteger(seconds) && seconds >= 0 && seconds <= LATEST_TIME) return seconds
  throw new SessionRefused('RefusedTime', `${field} is ${seconds}`, IN_SECONDS)
}

/** What to do about a time that is out of range. */
export const IN_SECONDS = 'give unix seconds before the year 2100, not milliseconds'
