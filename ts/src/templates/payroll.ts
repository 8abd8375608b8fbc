import type { Address } from 'viem'
import { type Session, UNCOUNTED_CALLS } from '../session/session.js'
import { TRANSFER } from '../session/token.js'
import { atMost, exactly } from './argument.js'
import type { SessionFrame } from './sessionFrame.js'

export type Payroll = {
  /** An ERC-20. */
  token: Address
  /** Who is paid, and the most in one payment. At most 64. */
  payees: readonly { payee: Address; salary: bigint }[]
  /** Seconds, at least 60; the first period begins at `validAfter`. */
  period: number
}

/** Returns a session that pays several payees, from one budget: the sum of the salaries. */
export function payroll(frame: SessionFrame, { token, payees, period }: Payroll): Session {
  return {
    ...frame,
    maxCalls: UNCOUNTED_CALLS,
    permissions: payees.map(({ payee, salary }) => ({
      target: token,
      selector: TRANSFER,
      valueLimit: 0n,
      rules: [exactly(0, payee), atMost(1, salary)],
    })),
    budgets: [{ token, amount: payees.reduce((sum, { salary }) => sum + salary, 0n), period }],
    signing: [],
  }
}
