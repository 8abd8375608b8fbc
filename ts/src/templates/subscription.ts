import type { Address } from 'viem'
import type { Session } from '../session/session.js'
import { TRANSFER } from '../session/token.js'
import { exactly } from './argument.js'
import type { SessionFrame } from './sessionFrame.js'

export type Subscription = {
  /** An ERC-20. */
  token: Address
  payee: Address
  /** What is paid in each period, in the token's smallest unit. */
  price: bigint
  /** Seconds, at least 60; the first period begins at `validAfter`. */
  period: number
  /** How many periods are paid for. */
  payments: number
}

/** Returns a session that pays a price once in each period, to one payee.
 *
 * It ends after so many periods, so the frame's `validUntil` does not count. A period that passes
 * unpaid is lost to the payee. */
export function subscription(frame: SessionFrame, terms: Subscription): Session {
  const { token, payee, price, period, payments } = terms
  return {
    ...frame,
    validUntil: frame.validAfter + period * payments,
    maxCalls: payments,
    permissions: [
      {
        target: token,
        selector: TRANSFER,
        valueLimit: 0n,
        rules: [exactly(0, payee), exactly(1, price)],
      },
    ],
    budgets: [{ token, amount: price, period }],
    signing: [],
  }
}
