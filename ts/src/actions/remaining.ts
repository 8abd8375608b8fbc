import type { Address, Client } from 'viem'
import { representable } from '../session/checkRepresentable.js'
import { type Session, UNCOUNTED_CALLS, UNCOUNTED_FEES } from '../session/session.js'
import { type BudgetState, readBudgets } from './readBudgets.js'
import { readClock } from './readClock.js'
import { readSession } from './readSession.js'

/** What a session has left on one chain. */
export type Remaining = {
  /** Executions. */
  readonly calls: number | 'uncounted'
  /** Wei of gas. */
  readonly fee: bigint | 'uncounted'
  /** Of each budget, in the order of the session, in the token's smallest unit. */
  readonly budgets: readonly BudgetState[]
}

/** Asks the module what a session has left, at the later of two clocks: of periodic budgets, in the
 * period that this moment lies in.
 *
 * @param now the system's clock, in unix seconds. */
export async function remaining(
  client: Client,
  module: Address,
  of: Session,
  now?: () => number,
): Promise<Remaining> {
  const session = representable(of)
  const { maxCalls, feeLimit, validAfter, validUntil } = session
  const { later } = await readClock(client, now)
  const at = Math.min(Math.max(later, validAfter), validUntil)
  const [{ calls, fee }, budgets] = await Promise.all([
    readSession(client, module, session),
    session.budgets.length === 0 ? [] : readBudgets(client, module, session, at),
  ])
  return {
    calls: maxCalls === UNCOUNTED_CALLS ? 'uncounted' : Math.max(0, maxCalls - calls),
    fee: feeLimit === UNCOUNTED_FEES ? 'uncounted' : fee > feeLimit ? 0n : feeLimit - fee,
    budgets,
  }
}
