import { type Address, type Client, formatEther } from 'viem'
import type { SessionState } from '../actions/readSession.js'
import { SessionRefused } from '../errors/sessionRefused.js'
import { type Session, UNCOUNTED_FEES } from '../session/session.js'
import { type PricedOperation, estimateCost, highestCost } from './estimateCost.js'

/** How much more than the own estimate a bundler may want. */
const MULTIPLE = 5n

/** Checks, before it is signed, what an operation may cost: no more than the session has left, and
 * no more than `maxFee`, or a small multiple of the own estimate where that is left out.
 *
 * @throws {@link SessionRefused} if it may cost more. */
export async function checkCost(
  place: { client: Client; entryPoint: Address; module: Address },
  { feeLimit }: Session,
  { fee }: SessionState,
  operation: PricedOperation,
  maxFee?: bigint,
): Promise<void> {
  const cost = highestCost(operation)
  if (feeLimit !== UNCOUNTED_FEES && fee + cost > feeLimit) {
    throw new SessionRefused(
      'FeeOverLimit',
      `with this operation gas may cost ${formatEther(fee + cost)} ETH, ` +
        `${formatEther(feeLimit)} are allowed`,
      'wait for lower gas prices, use another bundler, or ask the owner for a new session',
    )
  }
  const most = maxFee ?? MULTIPLE * (await estimateCost(place, operation))
  if (cost <= most) return
  throw new SessionRefused(
    'FeeTooHigh',
    `the operation may cost ${formatEther(cost)} ETH, at most ${formatEther(most)} are allowed`,
    'use another bundler, try again later, or raise maxFee',
  )
}
