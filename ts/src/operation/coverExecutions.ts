import { formatEther, isAddressEqual, size, slice } from 'viem'
import { SessionRefused } from '../errors/sessionRefused.js'
import { type Permission, type Session, ANY_CALL, PLAIN_TRANSFER } from '../session/session.js'
import type { Execution } from './execution.js'

/** Finds, for each execution, the first permission that covers it.
 *
 * Totals (calls, fees, budgets) are not looked at: only the chain knows what is spent.
 *
 * @returns the indices of the permissions.
 * @throws {@link SessionRefused} if an execution has none, saying why not. */
export function coverExecutions(session: Session, executions: readonly Execution[]): number[] {
  return executions.map((execution, i) => {
    const reasons: string[] = []
    for (const [index, permission] of session.permissions.entries()) {
      const reason = whyNotCovered(permission, execution)
      if (reason === undefined) return index
      if (isAddressEqual(permission.target, execution.target)) {
        reasons.push(`permission ${index} ${reason}`)
      }
    }
    const why = reasons.length > 0 ? reasons.join('; ') : `none is for ${execution.target}`
    throw new SessionRefused(
      'NotPermitted',
      `no permission covers execution ${i}: ${why}`,
      'change the call, or ask the owner for a session that permits it',
    )
  })
}

/** Says why a permission does not cover an execution, `undefined` if it does. */
function whyNotCovered(permission: Permission, execution: Execution): string | undefined {
  const { target, valueLimit, rules } = permission
  if (!isAddressEqual(target, execution.target)) return `is for ${target}`
  if (!coversSelector(permission, execution)) {
    return `is for function ${permission.selector}, not ${execution.callData.slice(0, 10)}`
  }
  if (execution.value > valueLimit) {
    return `allows ${formatEther(valueLimit)} ETH, not ${formatEther(execution.value)}`
  }
  for (const { index, min, max } of rules) {
    const word = argument(execution, index)
    if (word === undefined) return `bounds argument word ${index}, which is past the end`
    if (word < min || word > max) return `does not allow ${word} as argument word ${index}`
  }
  return undefined
}

/** Calldata of 1 to 3 bytes, or that begins with one of the two special values, is covered by
 * "any call" alone. */
function coversSelector({ selector }: Permission, { callData }: Execution): boolean {
  const allowed = selector.toLowerCase()
  if (allowed === ANY_CALL) return true
  if (allowed === PLAIN_TRANSFER) return callData === '0x'
  return size(callData) >= 4 && callData.slice(0, 10).toLowerCase() === allowed
}

function argument({ callData }: Execution, index: number): bigint | undefined {
  const at = 4 + 32 * index
  return size(callData) < at + 32 ? undefined : BigInt(slice(callData, at, at + 32))
}
