import type { Client, Hash } from 'viem'
import { getBlock, getChainId } from 'viem/actions'
import { readEpoch } from '../actions/readEpoch.js'
import { readSession } from '../actions/readSession.js'
import type { Order } from '../operation/order.js'
import { checkSameChain } from './pinChain.js'

/** Returns those of the orders that may still land: no order with their nonce has run, their
 * deadline has not passed by the chain's clock, and their session was not revoked.
 *
 * @throws {@link SessionRefused} if an order is for another chain. */
export async function pendingOrders(client: Client, orders: readonly Order[]): Promise<Order[]> {
  if (orders.length === 0) return []
  const [chainId, { timestamp }] = await Promise.all([getChainId(client), getBlock(client)])
  const states = new Map<Hash, ReturnType<typeof stateOf>>()
  const found: Order[] = []
  for (const order of orders) {
    checkSameChain(BigInt(chainId), order.chainId)
    if (order.deadline < timestamp) continue
    const { sessionId } = order
    if (!states.has(sessionId)) states.set(sessionId, stateOf(client, order))
    const [{ status, orderNonce }, epoch] = await states.get(sessionId)!
    const isLive = status !== 'revoked' && epoch === order.epoch
    if (isLive && order.nonce >= orderNonce) found.push(order)
  }
  return found
}

function stateOf(client: Client, { module, account, sessionId }: Order) {
  return Promise.all([
    readSession(client, module, { account, id: sessionId }),
    readEpoch(client, module, account),
  ])
}
