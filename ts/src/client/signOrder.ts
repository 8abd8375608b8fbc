import { type Address, type Client, type Hex, zeroAddress } from 'viem'
import type { Delegate } from '../accounts/delegate.js'
import { checkClocks, readClock } from '../actions/readClock.js'
import { checkOrderNonce } from '../actions/readOrderNonce.js'
import { readSession } from '../actions/readSession.js'
import { SessionRefused } from '../errors/sessionRefused.js'
import { draftDirectCall } from '../operation/draftDirect.js'
import { type Order, orderDigest } from '../operation/order.js'
import { encodeExecutions } from '../operation/encodeExecutions.js'
import { type SessionCall, executionsOf } from '../operation/sessionCall.js'
import { checkAddress, representable } from '../session/checkRepresentable.js'
import type { Session } from '../session/session.js'
import { sessionId } from '../session/sessionId.js'
import { checkDelegate } from './checkTogether.js'
import { checkWithin } from './dueTime.js'
import { enablingSignature } from './enabling.js'
import { orderGas } from './orderGas.js'
import { pinChain } from './pinChain.js'

/** How an order is bounded. */
export type OrderOptions = {
  /** The nonce: the session's next one if left out. Another order with the same nonce replaces this
   * one, whichever lands first; a later nonce waits for those before it. */
  nonce?: number
  /** The last second in which it may run, in unix seconds: in 5 minutes if left out, within a day
   * at the most. */
  deadline?: number
  /** Gas that the account's call has at least; estimated if left out. 0 for no minimum, only with a
   * relayer. */
  gas?: number
  /** Who alone may bring it; anyone if left out. */
  relayer?: Address
}

/** What an order is signed for, by whom. */
export type OrderTerms = OrderOptions & {
  module: Address
  session: Session
  /** The session's delegate, of any kind. */
  delegate: Delegate
  calls: readonly SessionCall[]
  /** The owner's signature of the session; with it, the first order enables the session. */
  ownerSignature?: Hex | undefined
  /** The system's clock, in unix seconds. */
  now?: (() => number) | undefined
}

/** Seconds: how long an order may run if nothing is said, and at the most. */
const USUAL_DEADLINE = 5 * 60
const LATEST_DEADLINE = 24 * 60 * 60

/** Lets a delegate sign an order: calls that anyone may bring to the chain ({@link orderCall}), and
 * pay for. For every kind of key; no bundler is needed. The module must be installed as an executor
 * (type 2); fees and paymaster of the session do not apply.
 *
 * What is signed is computed here, for the chain that the node is on. An order is ended only by
 * another one with its nonce, by its deadline, or by revoking: who gives one up and does the same
 * another way signs the same nonce again, or waits past the deadline ({@link pendingOrders}).
 *
 * @throws {@link SessionRefused} if delegate, session and chain do not belong together, the session
 * does not permit a call, or the bounds are none. */
export async function signOrder(client: Client, terms: OrderTerms): Promise<Order> {
  const { module, delegate, calls } = terms
  const session = representable(terms.session)
  checkDelegate(session, delegate)
  const id = sessionId(session)
  const executions = executionsOf(calls)
  const encoded = encodeExecutions(executions)
  // Asked along with the rest; what the session itself does not permit is told before it.
  const asked = terms.gas ?? orderGas(client, module, session.account, encoded, calls.length)
  const gas = Promise.resolve(asked).then(checkGas)
  gas.catch(() => undefined)
  const [chainId, state, clock] = await Promise.all([
    pinChain(client, session),
    readSession(client, module, session),
    readClock(client, terms.now),
  ])
  // A deadline is counted from the later clock: one of a time to come would let the order live on.
  checkClocks(clock, true)
  const { later } = clock
  checkWithin(session, later)
  const ownerSignature = enablingSignature(id, state.status, terms.ownerSignature)
  const direct = draftDirectCall({ session, chainId, executions, ownerSignature })
  const draft = {
    ...direct,
    module,
    account: session.account,
    chainId,
    epoch: session.chains.find((chain) => chain.chainId === chainId)?.epoch ?? 0n,
    nonce: nextNonce(state.orderNonce, terms.nonce),
    deadline: deadlineOf(later, terms.deadline),
    relayer: relayerOf(terms),
    gas: await gas,
  }
  return { ...draft, signature: await delegate.sign(orderDigest(draft)) }
}

function nextNonce(next: number, nonce = next): number {
  checkOrderNonce(nonce)
  if (nonce >= next) return nonce
  throw new SessionRefused(
    'WrongOrderNonce',
    `an order with nonce ${nonce} has run, the next one is ${next}`,
    'leave the nonce out',
  )
}

function deadlineOf(later: number, deadline = later + USUAL_DEADLINE): number {
  const seconds = deadline - later
  if (Number.isInteger(seconds) && seconds > 0 && seconds <= LATEST_DEADLINE) return deadline
  throw new SessionRefused(
    'RefusedDeadline',
    `the deadline is ${deadline}, the time is ${later}`,
    `give unix seconds of the next ${LATEST_DEADLINE / 3600} hours`,
  )
}

function relayerOf({ relayer = zeroAddress, gas }: OrderTerms): Address {
  checkAddress('relayer', relayer)
  if (gas !== 0 || BigInt(relayer) !== 0n) return relayer
  throw new SessionRefused(
    'NoMinimumGas',
    'anyone may bring the order, and it has no minimum of gas: calls could be starved',
    'leave the gas out, or name a relayer that is trusted with it',
  )
}

function checkGas(gas: number): number {
  if (Number.isInteger(gas) && gas >= 0 && gas < 2 ** 32) return gas
  const remedy = 'give a whole number below 2^32, or leave it out'
  throw new SessionRefused('NumberTooWide', `gas is ${gas}`, remedy)
}
