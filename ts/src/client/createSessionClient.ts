import type { Address, Chain, Client, Hash, Hex, Transport } from 'viem'
import {
  type SmartAccount,
  prepareUserOperation,
  sendUserOperation,
} from 'viem/account-abstraction'
import { startGas } from '../actions/startGas.js'
import { explainFailure } from '../errors/explainFailure.js'
import { SessionRefused } from '../errors/sessionRefused.js'
import { sessionId } from '../session/sessionId.js'
import { type SessionAccountTerms, toSessionAccount } from './toSessionAccount.js'

/** Sends calls within a session. */
export type SessionClient = {
  /** The account, for other actions of a bundler client. */
  readonly account: SmartAccount
  /** The session's id. */
  readonly sessionId: Hash
  /** Prepares, signs and sends one user operation with these calls, and returns its hash.
   *
   * @throws {@link SessionRefused} if the session does not permit it: before sending where that
   * can be known, otherwise with the module's reason and the bundler's error as its cause. */
  readonly send: (calls: readonly SessionCall[]) => Promise<Hash>
}

/** One call within a session. */
export type SessionCall = {
  to: Address
  /** Calldata; none if left out. */
  data?: Hex
  /** Wei; none if left out. */
  value?: bigint
}

/** Turns a smart account and a bundler client into a client that acts within a session.
 *
 * @param bundler a bundler client of viem, or a smart account client of permissionless. Its
 * paymaster and fee settings hold.
 * @throws {@link SessionRefused} as {@link toSessionAccount}. */
export async function createSessionClient(
  bundler: Client<Transport, Chain | undefined, SmartAccount | undefined>,
  terms: SessionAccountTerms,
): Promise<SessionClient> {
  const account = await toSessionAccount(terms)
  return {
    account,
    sessionId: sessionId(terms.session),
    async send(calls) {
      try {
        const operation = { account, calls: [...calls] }
        const start = await startGas(account.client, terms.module)
        if (start === 0n) return await sendUserOperation(bundler, operation)
        const estimated = await prepareUserOperation(bundler, operation)
        const verificationGasLimit = estimated.verificationGasLimit + start
        return await sendUserOperation(bundler, { ...operation, verificationGasLimit })
      } catch (cause) {
        const reason = cause instanceof SessionRefused ? undefined : explainFailure(cause)
        if (reason === undefined) throw cause
        const remedy = 'change the call, or ask the owner for another session'
        throw new SessionRefused('Rejected', reason, remedy, { cause })
      }
    },
  }
}
