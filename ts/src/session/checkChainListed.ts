import { SessionRefused } from '../errors/sessionRefused.js'
import type { Session } from './session.js'

/** Checks that a session holds on a chain.
 *
 * @throws {@link SessionRefused} if it does not list it. */
export function checkChainListed({ chains }: Session, chainId: bigint): void {
  if (chains.some((chain) => BigInt(chain.chainId) === BigInt(chainId))) return
  throw new SessionRefused(
    'ChainNotListed',
    `the session does not hold on chain ${chainId}`,
    'switch to a chain that it lists, or ask the owner for a session there',
  )
}
