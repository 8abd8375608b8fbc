import { type Address, toFunctionSelector } from 'viem'
import { type Session, NATIVE } from '../session/session.js'
import { atMost, exactly } from './argument.js'
import type { SessionFrame } from './sessionFrame.js'

export type BatchMint = {
  collection: Address
  /** A function whose first argument is the receiver; `mint(address,uint256)` if left out. */
  function?: string
  /** Who gets what is minted; the account if left out. */
  receiver?: Address
  /** The number of calls. */
  calls: number
  /** The most that one call mints, where the second argument says how many. */
  each?: bigint
  /** Most wei with one call; none if left out. */
  price?: bigint
}

/** Returns a session that mints NFTs for one receiver, so many times. */
export function batchMint(frame: SessionFrame, terms: BatchMint): Session {
  const { collection, receiver = frame.account, calls, each, price = 0n } = terms
  return {
    ...frame,
    maxCalls: calls,
    permissions: [
      {
        target: collection,
        selector: toFunctionSelector(terms.function ?? 'mint(address,uint256)'),
        valueLimit: price,
        rules: [exactly(0, receiver), ...(each === undefined ? [] : [atMost(1, each)])],
      },
    ],
    budgets: price > 0n ? [{ token: NATIVE, amount: price * BigInt(calls), period: 0 }] : [],
    signing: [],
  }
}
