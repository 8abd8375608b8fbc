import type { Chain, Client, Hash, Transport } from 'viem'
import type { SmartAccount } from 'viem/account-abstraction'
import { type Remaining, remaining } from '../actions/remaining.js'
import { type SessionStanding, sessionStatus } from '../actions/sessionStatus.js'
import {
  type SendOptions,
  type SessionCall,
  type SessionClient,
  createSessionClient,
} from './createSessionClient.js'
import type { SessionAccountTerms } from './sessionSigner.js'
import type { OperationReceipt, WaitTerms } from './waitForOperation.js'

/** What a bundler client can do within a session. */
export type SessionActions = {
  /** Sends calls as {@link SessionClient.send}. */
  sendSessionCalls: (parameters: { calls: readonly SessionCall[] } & SendOptions) => Promise<Hash>
  /** Waits for an operation as {@link SessionClient.waitFor}. */
  waitForSessionOperation: (parameters: WaitTerms) => Promise<OperationReceipt>
  /** Asks what has become of the session. */
  sessionStatus: () => Promise<SessionStanding>
  /** Asks what the session has left. */
  remaining: () => Promise<Remaining>
}

/** Returns the actions of a session for a bundler client: `client.extend(sessionActions(terms))`.
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
    const { account, module, session, now } = terms
    return {
      sendSessionCalls: async ({ calls, ...options }) => (await client()).send(calls, options),
      waitForSessionOperation: async ({ hash, ...options }) =>
        (await client()).waitFor(hash, options),
      sessionStatus: () => sessionStatus(account.client, module, session, now),
      remaining: () => remaining(account.client, module, session, now),
    }
  }
}
