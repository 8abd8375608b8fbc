import { orderCall, signOrder } from 'smart-session'
import type { Player, PlayerTerms } from './player.ts'
import { sponsorWallet } from './sponsorWallet.ts'

/** Plays by orders that a sponsor brings.
 *
 * @throws SessionRefused if no sponsor is named. */
export async function orderPlayer({
  connection,
  place,
  grant,
  delegate,
}: PlayerTerms): Promise<Player> {
  const { client, module } = connection
  const { session, ownerSignature } = grant
  const sponsor = await sponsorWallet(connection, place.sponsor)
  return async (calls) => {
    const order = await signOrder(client, { module, session, delegate, calls, ownerSignature })
    // The order names its chain, and the node was asked for it.
    const hash = await sponsor.sendTransaction({ ...orderCall(order), chain: null })
    const { status } = await client.waitForTransactionReceipt({ hash, timeout: 60_000 })
    return status === 'success' ? undefined : 'the order has failed, and has spent nothing'
  }
}
