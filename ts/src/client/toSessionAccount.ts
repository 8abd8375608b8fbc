import type { TypedDataDefinition } from 'viem'
import type { SmartAccount } from 'viem/account-abstraction'
import { behindHook, readHook } from '../accounts/kernelHook.js'
import { SessionRefused } from '../errors/sessionRefused.js'
import type { SessionAccountTerms } from './sessionAccountTerms.js'
import { type SessionSigner, sessionSigner } from './sessionSigner.js'

/** Turns a smart account into one whose operations are signed by a session's delegate, for any
 * bundler client: nonces select the module, estimates get a dummy signature, and each call gets
 * the permission that covers it.
 *
 * It signs user operations, and the typed data that the session has signing scopes for; the account
 * must be deployed for those. Messages are the owner's.
 *
 * @throws {@link SessionRefused} if account, delegate, session and chain do not belong together. */
export async function toSessionAccount(terms: SessionAccountTerms): Promise<SmartAccount> {
  return accountOf(terms, await sessionSigner(terms))
}

/** Returns the smart account that a signer signs for. */
export function accountOf(terms: SessionAccountTerms, signer: SessionSigner): SmartAccount {
  return {
    ...terms.account,
    async encodeCalls(calls) {
      const { client, address } = terms.account
      const callData = await terms.account.encodeCalls(calls)
      const hook = await readHook(client, signer.kind, address, terms.module)
      return hook === undefined ? callData : behindHook(callData)
    },
    // What viem calls a key is a lane here: the rest of the key selects the module.
    getNonce: (parameters) =>
      signer.nonce(parameters?.key === undefined ? undefined : Number(parameters.key)),
    async getStubSignature(userOperation) {
      const callData = userOperation?.callData
      if (callData === undefined) return notForSessions('an estimate without calls')
      return signer.stub(callData)
    },
    async signUserOperation({ chainId, ...operation }) {
      const { signature } = await signer.sign(operation as never, { chainId })
      return signature
    },
    sign: async () => notForSessions('a hash'),
    signMessage: async () => notForSessions('a message'),
    async signTypedData(typedData: TypedDataDefinition) {
      if (signer.session.signing.length === 0) return notForSessions('typed data')
      // What takes typed data apart is loaded when an app asks for a signature.
      const { signForApp } = await import('./signForApp.js')
      return signForApp({ ...terms, session: signer.session }, signer, typedData)
    },
  } as SmartAccount
}

function notForSessions(what: string): never {
  throw new SessionRefused(
    'NotForSessions',
    `a session account does not sign ${what}`,
    'use the account with its owner',
  )
}
