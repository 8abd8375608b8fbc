import { toFunctionSelector } from 'viem'
import { type Session, ANY_CALL } from './session.js'

/** Functions by which a session leaves an allowance behind. */
const ALLOWANCES: readonly string[] = [
  toFunctionSelector('approve(address,uint256)'),
  toFunctionSelector('increaseAllowance(address,uint256)'),
]

/** Returns what the owner should know before signing, one sentence each. */
export function sessionWarnings(session: Session): string[] {
  return session.permissions.flatMap(({ selector, target }, i) => {
    const called = selector.toLowerCase()
    if (ALLOWANCES.includes(called)) {
      return [`permission ${i} lets the delegate give allowances of ${target} that outlive it`]
    }
    if (called === ANY_CALL) {
      return [`permission ${i} lets the delegate call every function of ${target}`]
    }
    return []
  })
}
