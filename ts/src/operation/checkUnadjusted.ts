import { SessionRefused } from '../errors/sessionRefused.js'
import type { Asked } from '../from/request/readAsked.js'

/** What a session grants, in the terms of a request. */
export type GrantedTerms = {
  validAfter: number
  validUntil: number
  amount?: bigint
  period?: bigint
  payees?: readonly string[] | undefined
}

/** Checks that a session grants exactly what a request asks for, if that allows no adjustment: the
 * amount, the period, the start, the end, and who may be paid.
 *
 * @throws {@link SessionRefused} (`NotPermitted`) for the first that differs, with what was asked and
 * what is granted. */
export function checkUnadjusted(asked: Asked, granted: GrantedTerms): void {
  if (asked.isAdjustmentAllowed) return
  const { total, first, last } = asked
  const { amount, period, validAfter, validUntil } = granted
  const places = [
    [total?.path, total?.amount, amount],
    ['permission.data.periodDuration', total && (total.every?.period ?? 0n), period],
    ['permission.data.startTime', first, validAfter],
    ['rules (expiry)', last === undefined ? 'none' : last + 1n, validUntil + 1],
    ['rules (payee)', sayPayees(asked.payees), sayPayees(granted.payees)],
  ]
  for (const [place, asked, granted] of places) {
    if (asked === undefined || `${asked}` === `${granted}`) continue
    refuseOther(`${granted} as ${place}`, `${asked} without adjustment`)
  }
}

/** In an order that does not depend on how they were listed. */
const sayPayees = (payees?: readonly string[]) =>
  payees ? [...new Set(payees.map((payee) => payee.toLowerCase()))].sort().join(', ') : 'none'

/** Refuses a session of another permission than a request asks for. */
export function refuseOther(granted: string, asked: string): never {
  throw new SessionRefused(
    'NotPermitted',
    `the session grants ${granted}, and ${asked} is asked for`,
    'grant a session of the request (fromPermissionRequest)',
  )
}
