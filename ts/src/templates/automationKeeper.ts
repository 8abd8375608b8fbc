import { type Address, toFunctionSelector } from 'viem'
import { type Session, UNCOUNTED_CALLS } from '../session/session.js'
import type { SessionFrame } from './sessionFrame.js'

export type AutomationKeeper = {
  target: Address
  /** The function, as in `harvest(uint256)`. */
  function: string
  /** The total number of calls; any if left out. */
  calls?: number
}

/** Returns a session that calls one function, with any arguments and without value. */
export function automationKeeper(frame: SessionFrame, terms: AutomationKeeper): Session {
  return {
    ...frame,
    maxCalls: terms.calls ?? UNCOUNTED_CALLS,
    permissions: [
      {
        target: terms.target,
        selector: toFunctionSelector(terms.function),
        valueLimit: 0n,
        rules: [],
      },
    ],
    budgets: [],
    signing: [],
  }
}
