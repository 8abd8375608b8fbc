import { ANY_PAYMASTER } from 'smart-session'
import type { ImportTerms } from 'smart-session/from'
import { ALICE, MODULE } from '../sessions.js'
import { END, PAYMASTERS, START, TARGETS } from './generate.js'
import type { Random } from './random.js'

/** Terms at random, for the sources of `generate`. */
export function someTerms({ onceIn, pick, below }: Random): ImportTerms {
  return {
    account: ALICE,
    chainId: 42161n,
    epoch: 0n,
    module: MODULE,
    feeLimit: BigInt(1 + below(100_000)),
    salt: 7n,
    ...(onceIn(2) && { validAfter: Number(START) + below(3) * 43_200 }),
    ...(!onceIn(8) && { validUntil: Number(END) - below(3) }),
    ...(onceIn(4) && { maxCalls: 1 + below(10) }),
    ...(onceIn(3) && { paymaster: pick([...PAYMASTERS, ANY_PAYMASTER]) }),
    ...(onceIn(2) && { receivers: TARGETS.slice(0, 1 + below(2)) }),
  }
}
