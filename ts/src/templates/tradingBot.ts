import { type Address, toFunctionSelector } from 'viem'
import { type Session, UNCOUNTED_CALLS } from '../session/session.js'
import { APPROVE } from '../session/token.js'
import { atLeast, atMost, exactly } from './argument.js'
import type { SessionFrame } from './sessionFrame.js'

export type TradingBot = {
  /** A router with `exactInputSingle` as Uniswap's SwapRouter02 has it. */
  router: Address
  /** What is sold, an ERC-20. */
  tokenIn: Address
  /** What is bought, an ERC-20. */
  tokenOut: Address
  /** The pool's fee, in hundredths of a basis point; any pool if left out. */
  fee?: number
  /** The most that one swap sells. */
  largest: bigint
  /** The least that one swap buys. Without it, trades at any price are permitted. */
  leastOut?: bigint
  /** The most that is approved to the router, and so sold, in each period. */
  amount: bigint
  /** Seconds; 0 for the whole session. */
  period?: number
}

/** Returns a session that sells one token for another, the proceeds to the account alone.
 *
 * The total bounds what is approved to the router; an allowance from before is not in it. */
export function tradingBot(frame: SessionFrame, terms: TradingBot): Session {
  const { router, tokenIn, tokenOut, fee, largest, leastOut = 0n, amount, period = 0 } = terms
  return {
    ...frame,
    maxCalls: UNCOUNTED_CALLS,
    permissions: [
      {
        target: tokenIn,
        selector: APPROVE,
        valueLimit: 0n,
        rules: [exactly(0, router), atMost(1, largest)],
      },
      {
        target: router,
        selector: toFunctionSelector(
          'exactInputSingle((address,address,uint24,address,uint256,uint256,uint160))',
        ),
        valueLimit: 0n,
        rules: [
          exactly(0, tokenIn),
          exactly(1, tokenOut),
          ...(fee === undefined ? [] : [exactly(2, BigInt(fee))]),
          exactly(3, frame.account),
          atMost(4, largest),
          atLeast(5, leastOut),
        ],
      },
    ],
    budgets: [{ token: tokenIn, amount, period }],
    signing: [],
  }
}
