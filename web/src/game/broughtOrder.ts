import {
  type Order,
  type Session,
  orderCall,
  readSession,
  SessionRefused,
} from 'smart-session'
import { type Hash, WaitForTransactionReceiptTimeoutError } from 'viem'
import { getTransaction } from 'viem/actions'
import type { Connection } from '../place/connection.ts'

/** Milliseconds until a transaction counts as not there. */
const LONGEST_WAIT = 60_000
/** Milliseconds that one node may be behind another, and between two looks. */
const LONGEST_LAG = 5_000
const LOOK_AGAIN = 250

/** Says what became of an order, by the node: a sponsor may name any transaction. It has run if the
 * transaction that is named carries it, has succeeded, and the session's next order has a later nonce.
 *
 * @returns why the order itself has failed; `undefined` if it has run.
 * @throws SessionRefused if the transaction did not bring it: then it may still come. */
export async function broughtOrder(
  { client, module }: Connection,
  session: Session,
  order: Order,
  named: Hash,
): Promise<string | undefined> {
  const { status, transactionHash: hash } = await client
    .waitForTransactionReceipt({ hash: named, timeout: LONGEST_WAIT })
    .catch((cause: unknown) => {
      if (!(cause instanceof WaitForTransactionReceiptTimeoutError)) throw cause
      throw notNamed(named, 'which is in no block', order, cause)
    })
  // After the receipt: before it the order may not have run yet.
  const asked = Promise.all([getTransaction(client, { hash }), nextNonce()])
  let [{ input }, next] = await asked
  // A sponsor may put other calls around it.
  if (!input.includes(orderCall(order).data.slice(2))) {
    throw notNamed(hash, 'which does not carry it', order)
  }
  const isSuccess = status === 'success'
  // Of several nodes behind one address, one may be behind that of the receipt.
  for (const end = Date.now() + LONGEST_LAG; isSuccess && next <= order.nonce; ) {
    if (Date.now() > end) throw notNamed(hash, 'in which it has not run', order)
    await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN))
    next = await nextNonce()
  }
  if (isSuccess) return undefined
  return next > order.nonce
    ? 'the sponsor came too late: another order with the same nonce has run'
    : 'the order has failed, and has spent nothing'

  async function nextNonce(): Promise<number> {
    return (await readSession(client, module, session)).orderNonce
  }
}

function notNamed(hash: Hash, why: string, order: Order, cause?: unknown): SessionRefused {
  return notBrought(order, `it names transaction ${hash}, ${why}`, cause)
}

/** Says that a sponsor has an order, and has not brought it: until the deadline it still may. */
export function notBrought({ deadline }: Order, why: string, cause?: unknown): SessionRefused {
  const time = new Date(deadline * 1000).toLocaleTimeString()
  return new SessionRefused(
    'NotLanded',
    `the sponsor has not brought the order: ${why}`,
    `play again, which replaces it; before you use another way, wait until ${time}`,
    { cause },
  )
}
