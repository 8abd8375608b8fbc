import type { Address, Hex } from 'viem'
import type { Execution } from './execution.js'

/** One call within a session. */
export type SessionCall = {
  to: Address
  /** Calldata; none if left out. */
  data?: Hex
  /** Wei; none if left out. */
  value?: bigint
}

/** Returns calls as the account runs them. */
export function executionsOf(calls: readonly SessionCall[]): Execution[] {
  return calls.map(({ to, data = '0x', value = 0n }) => ({ target: to, value, callData: data }))
}
