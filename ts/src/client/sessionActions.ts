import type { Chain, Client, Hash, Transport } from 'viem'
import type { SmartAccount } from 'viem/account-abstraction'
import { executeCall } from '../actions/executeCall.js'
import type { ModuleCall } from '../actions/moduleCall.js'
import { readOrderNonce } from '../actions/readOrderNonce.js'
import { readSession } from '../actions/readSession.js'
import { type Remaining, remaining } from '../actions/remaining.js'
import { type SessionStanding, sessionStatus } from '../actions/sessionStatus.js'
import type { Order } from '../operation/order.js'
import { type SessionCall, executionsOf } from '../operation/sessionCall.js'
import { sessionId } from '../session/sessionId.js'
import { type SendOptions, type SessionClient, createSessionClient } from './createSessionClient.js'
import { enablingSignature } from './enabling.js'
import { pinChain } from './pinChain.js'
import { type SessionOrders, sessionOrders } from './sessionOrders.js'
import type { SessionAccountTerms } from './sessionAccountTerms.js'
import type { OrderOptions } from './signOrder.js'
import type { OperationReceipt, WaitTerms } from './waitForOperation.js'

/** What a client can do within a session. */
export type SessionActions = {
  /** Sends calls as {@link SessionClient.send}. For bundler clients. */
  sendSessionCalls: (parameters: { calls: readonly SessionCall[] } & SendOptions) => Promise<Hash>
  /** Waits for an operation as {@link SessionClient.waitFor}. */
  waitForSessionOperation: (parameters: WaitTerms) => Promise<OperationReceipt>
  /** Signs an order as {@link SessionOrders.sign}: anyone may bring it. */
  signSessionOrder: (
    parameters: { calls: readonly SessionCall[] } & OrderOptions,
  ) => Promise<Order>
  /** Returns the orders signed by this client that may still land. */
  pendingSessionOrders: () => Promise<Order[]>
  /** Asks for the nonce of the session's next order. */
  readOrderNonce: () => Promise<number>
  /** Returns the call by which the delegate acts itself: {@link executeCall}. It enables the
   * session where the owner has signed it and it is not enabled. */
  directSessionCall: (parameters: { calls: readonly SessionCall[] }) => Promise<ModuleCall>
  /** Asks what has become of the session. */
  sessionStatus: () => Promise<SessionStanding>
  /** Asks what the session has left. */
  remaining: () => Promise<Remaining>
}

/** Returns the actions of a session for a client: `client.extend(sessionActions(terms))`.
 *
 * What does not belong together is refused by the first action. */
export function sessionActions(terms: SessionAccountTerms) {
  return (
    bundler: Client<Transport, Chain | undefined, SmartAccount | undefined>,
  ): SessionActions => {
    let made: Promise<SessionClient> | undefined
    const client = () => {
      made ??= createSessionClient(bundler, terms).catch((error: unknown) => {
        // A node that did not answer is asked again.
        made = undefined
        throw error
      })
      return made
    }
    const orders: SessionOrders = sessionOrders(terms)
    const { account, module, session, now } = terms
    return {
      sendSessionCalls: async ({ calls, ...options }) => (await client()).send(calls, options),
      waitForSessionOperation: async ({ hash, ...options }) =>
        (await client()).waitFor(hash, options),
      signSessionOrder: ({ calls, ...options }) => orders.sign(calls, options),
      pendingSessionOrders: () => orders.pending(),
      readOrderNonce: () => readOrderNonce(account.client, module, session),
      async directSessionCall({ calls }) {
        const [chainId, { status }] = await Promise.all([
          pinChain(account.client, session),
          readSession(account.client, module, session),
        ])
        const id = sessionId(session)
        const ownerSignature = enablingSignature(id, status, terms.ownerSignature)
        const executions = executionsOf(calls)
        return executeCall(module, { session, chainId, executions, ownerSignature })
      },
      sessionStatus: () => sessionStatus(account.client, module, session, now),
      remaining: () => remaining(account.client, module, session, now),
    }
  }
}
