import { orderCall, signOrder } from 'smart-session'
import { isHash } from 'viem'
import { failureOf } from '../page/failure.ts'
import { broughtOrder, notBrought } from './broughtOrder.ts'
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
    const sent = sponsor.sendTransaction({ ...orderCall(order), chain: null })
    const hash = await sent.catch((cause: unknown) => {
      throw notBrought(order, failureOf(cause).what, cause)
    })
    if (!isHash(hash)) throw notBrought(order, 'it names no transaction')
    return broughtOrder(connection, session, order, hash)
  }
}
