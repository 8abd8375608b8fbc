import { orderCall, signOrder } from 'smart-session'
import { broughtOrder } from './broughtOrder.ts'
import type { Player, PlayerTerms } from './player.ts'
import { sponsorWallet } from './sponsorWallet.ts'

/** Plays by orders that a sponsor brings. It is believed nothing: the node tells what became of them.
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
    return broughtOrder(connection, session, order, hash)
  }
}
