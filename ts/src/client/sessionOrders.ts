import { readClock } from '../actions/readClock.js'
import type { Order } from '../operation/order.js'
import type { SessionCall } from '../operation/sessionCall.js'
import { pendingOrders } from './pendingOrders.js'
import type { SessionAccountTerms } from './sessionAccountTerms.js'
import { type OrderOptions, signOrder } from './signOrder.js'

/** The orders of one session: signed one after another, and remembered while they may land. */
export type SessionOrders = {
  /** Signs an order as {@link signOrder}. Its nonce, if left out, is the one after those of orders
   * that may still land, so it runs after them. */
  readonly sign: (calls: readonly SessionCall[], options: OrderOptions) => Promise<Order>
  /** Returns the orders signed here that may still land. */
  readonly pending: () => Promise<Order[]>
}

/** Makes the orders of a session. */
export function sessionOrders({ account, ...terms }: SessionAccountTerms): SessionOrders {
  let signed: Order[] = []
  let queue: Promise<unknown> = Promise.resolve()
  const inTurn = <T>(act: () => Promise<T>): Promise<T> => {
    const acted = queue.then(act)
    queue = acted.catch(() => undefined)
    return acted
  }
  const forget = async () => (signed = await pendingOrders(account.client, signed))

  return {
    sign: (calls, options) =>
      inTurn(async () => {
        const [pending, { later }] = await Promise.all([
          forget(),
          readClock(account.client, terms.now),
        ])
        // On a chain that stands still an order seems to wait that no block will take. To use its
        // nonce again is safe: one of the two lands.
        const waiting = pending.filter(({ deadline }) => deadline >= later)
        const taken = waiting.map(({ nonce }) => nonce)
        const next = taken.length > 0 ? { nonce: Math.max(...taken) + 1 } : {}
        const order = await signOrder(account.client, { ...terms, calls, ...next, ...options })
        signed.push(order)
        return order
      }),
    pending: () => inTurn(async () => [...(await forget())]),
  }
}
