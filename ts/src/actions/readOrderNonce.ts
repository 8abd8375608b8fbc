import type { Address, Client } from 'viem'
import { SessionRefused } from '../errors/sessionRefused.js'
import { ORDER_NONCE_END } from '../operation/order.js'
import type { Session } from '../session/session.js'
import { readSession } from './readSession.js'

/** Asks the module for the nonce that a session's next order must have.
 *
 * @throws {@link SessionRefused} if the session takes no more orders. */
export async function readOrderNonce(
  client: Client,
  module: Address,
  session: Session,
): Promise<number> {
  const { orderNonce } = await readSession(client, module, session)
  return checkOrderNonce(orderNonce)
}

/** Checks that an order can have a nonce.
 *
 * @throws {@link SessionRefused} if it is the last one, or beyond. */
export function checkOrderNonce(nonce: number): number {
  if (Number.isInteger(nonce) && nonce >= 0 && nonce < ORDER_NONCE_END) return nonce
  throw new SessionRefused(
    'OrdersUsedUp',
    `no order has nonce ${nonce}, the last one is ${ORDER_NONCE_END - 1}`,
    'ask the owner for a new session, or act by operations',
  )
}
