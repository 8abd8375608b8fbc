import { isAddressEqual } from 'viem'
import { type Budget, NATIVE } from '../session/session.js'
import { COUNTED } from '../session/token.js'
import { least, sayWord } from './range.js'
import type { BudgetGrant, SessionDraft } from './sessionDraft.js'

/** Seconds; the shortest period that the module keeps. */
const SHORTEST = 60n
/** Seconds; the longest. */
const LONGEST = 2n ** 32n - 1n

/** Returns the budgets that permit no more than a source's totals, in a window.
 *
 * Periods begin at `validAfter` here and at a date of their own in the source. Where the two do
 * not fall together, one period there would meet two here and allow the amount twice: refused. */
export function settleBudgets(
  draft: SessionDraft,
  window: { after: bigint; until: bigint },
): Budget[] {
  const { findings } = draft
  const settled = new Map<string, Budget>()
  for (const grant of draft.budgets) {
    const period = settlePeriod(draft, grant, window)
    if (period === undefined) continue
    if (grant.amount === 0n) {
      findings.refuse(grant.path, 'the total is nothing', 'drop it, and the calls that it is for')
      continue
    }
    const bits = isAddressEqual(grant.token, NATIVE) && period === 0n ? 96n : 128n
    const amount = least(grant.amount, 2n ** bits - 1n)
    if (amount < grant.amount) {
      findings.narrower(
        grant.path,
        `a total of ${sayWord(grant.amount)}`,
        `2^${bits} − 1, the most`,
      )
    }
    const key = `${grant.token}/${period}`
    const before = settled.get(key)
    const both = before ? least(before.amount, amount) : amount
    settled.set(key, { token: grant.token, amount: both, period: Number(period) })
  }
  const budgets = [...settled.values()]
  refuseUncounted(draft, budgets)
  return budgets
}

function settlePeriod(
  { findings }: SessionDraft,
  { path, every }: BudgetGrant,
  { after, until }: { after: bigint; until: bigint },
): bigint | undefined {
  if (!every) return 0n
  const { period, start } = every
  if (period === 0n) {
    return findings.refuse(path, 'a period of no seconds', 'give the period in seconds')
  }
  // Within one period of the source, its amount is a total. The session's last second would be
  // the first of the next period there, and counts with the others here.
  if ((until - start) / period === (after - start) / period) return 0n
  const late = (after - start) % period
  if (late !== 0n) {
    return findings.refuse(
      path,
      `its periods begin each ${period} seconds from ${start} on, the session begins ${late} seconds into one`,
      `let the session begin (terms.validAfter) at ${after - late + period}, when the next period does`,
    )
  }
  if (period > LONGEST) {
    findings.narrower(path, `an amount for each ${sayWord(period)} seconds`, 'one total')
    return 0n
  }
  if (period >= SHORTEST) return period
  const longer = period * ((SHORTEST + period - 1n) / period)
  findings.narrower(path, `an amount for each ${period} seconds`, `the same for each ${longer}`)
  return longer
}

/** A budgeted token takes no other calls than those whose amount can be counted. */
function refuseUncounted({ grants, findings }: SessionDraft, budgets: readonly Budget[]): void {
  for (const { path, target, selector } of grants) {
    const hasBudget = budgets.some(({ token }) => isAddressEqual(token, target))
    if (!hasBudget || COUNTED.includes(selector)) continue
    findings.refuse(
      path,
      `${target} has a total, and the module refuses every call of such a token that it cannot count`,
      'grant this function in a session of its own',
    )
  }
}
