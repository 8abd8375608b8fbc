import type { Client } from 'viem'
import { getChainId } from 'viem/actions'
import { SessionRefused } from '../errors/sessionRefused.js'
import { checkChainListed } from '../session/checkChainListed.js'
import type { Session } from '../session/session.js'

/** Asks a node for its chain, once, and returns the id for which everything is signed from then on.
 *
 * @throws {@link SessionRefused} if it is another chain than the client is configured for, or one
 * that the session does not list. */
export async function pinChain(client: Client, session: Session): Promise<bigint> {
  const chainId = BigInt(await getChainId(client))
  if (client.chain !== undefined) checkSameChain(chainId, client.chain.id)
  checkChainListed(session, chainId)
  return chainId
}

/** Checks that something is meant for the chain that is pinned.
 *
 * @throws {@link SessionRefused} if it is not. */
export function checkSameChain(pinned: bigint, asked: number | bigint): void {
  if (pinned === BigInt(asked)) return
  throw new SessionRefused(
    'WrongChain',
    `the node is on chain ${pinned}, the client is for chain ${asked}`,
    'use a node of the chain that is meant',
  )
}
