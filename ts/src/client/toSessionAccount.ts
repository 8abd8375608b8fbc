import type { Address, Hex, TypedDataDefinition } from 'viem'
import {
  type SmartAccount,
  type UserOperation,
  entryPoint07Abi,
  getUserOperationHash,
} from 'viem/account-abstraction'
import { getChainId, readContract } from 'viem/actions'
import type { AccountKind } from '../accounts/accountKind.js'
import type { Delegate } from '../accounts/delegate.js'
import { detectAccountKind } from '../accounts/detectAccountKind.js'
import { behindHook, readHook } from '../accounts/kernelHook.js'
import { nonceKey } from '../accounts/nonceKey.js'
import { readSession } from '../actions/readSession.js'
import { SessionRefused } from '../errors/sessionRefused.js'
import { coverExecutions } from '../operation/coverExecutions.js'
import { decodeExecutions } from '../operation/decodeExecutions.js'
import { draftEnable } from '../operation/draftEnable.js'
import { draftUse } from '../operation/draftUse.js'
import { dummyOperation } from '../operation/dummyOperation.js'
import { operationDigest } from '../operation/operationDigest.js'
import type { OperationDraft } from '../operation/operationDraft.js'
import { sealOperation } from '../operation/sealOperation.js'
import { checkChainListed } from '../session/checkChainListed.js'
import { discloseUsed } from '../session/disclosure.js'
import type { Session } from '../session/session.js'
import { sessionId } from '../session/sessionId.js'
import { signForApp } from './signForApp.js'

/** What a session account is made of. */
export type SessionAccountTerms = {
  /** The account of permissionless or viem, with the session's account as its address. Its owner
   * is not asked: any key may stand in for it. */
  account: SmartAccount
  /** The module, installed on the account. */
  module: Address
  session: Session
  /** The session's delegate. */
  delegate: Delegate
  /** The owner's signature of {@link sessionTypedData}. With it, the first operation enables the
   * session. */
  ownerSignature?: Hex
  /** What the account is; asked of the account if left out. */
  kind?: AccountKind
  /** Operations in different lanes do not wait for each other. */
  lane?: number
  /** The present, in unix seconds, for periodic budgets. */
  now?: () => number
}

/** Turns a smart account into one whose operations are signed by a session's delegate, for any
 * bundler client: nonces select the module, estimates get a dummy signature, and each call gets
 * the permission that covers it.
 *
 * It signs user operations, and the typed data that the session has signing scopes for; the account
 * must be deployed for those. Messages are the owner's.
 *
 * @throws {@link SessionRefused} if account, delegate and session do not belong together. */
export async function toSessionAccount(terms: SessionAccountTerms): Promise<SmartAccount> {
  const { account, module, delegate, lane } = terms
  checkTogether(terms)
  const kind = terms.kind ?? (await detectAccountKind(account.client, account.address))
  const key = nonceKey(kind, module, lane)
  const chainId = async () => account.client.chain?.id ?? (await getChainId(account.client))
  const drafted = async (callData: Hex) => draftFor(terms, BigInt(await chainId()), callData)

  return {
    ...account,
    async encodeCalls(calls) {
      const callData = await account.encodeCalls(calls)
      const hook = await readHook(account.client, kind, account.address, module)
      return hook === undefined ? callData : behindHook(callData)
    },
    getNonce: () =>
      readContract(account.client, {
        address: account.entryPoint.address,
        abi: entryPoint07Abi,
        functionName: 'getNonce',
        args: [account.address, key],
      }),
    async getStubSignature(userOperation) {
      const callData = userOperation?.callData
      if (callData === undefined) return notForSessions('an estimate without calls')
      return dummyOperation(await drafted(callData))
    },
    async signUserOperation({ chainId: chain, ...userOperation }) {
      const draft = await drafted(userOperation.callData)
      const { address: entryPointAddress, version: entryPointVersion } = account.entryPoint
      const hash = getUserOperationHash({
        chainId: chain ?? (await chainId()),
        entryPointAddress,
        entryPointVersion,
        userOperation: {
          ...userOperation,
          sender: account.address,
          signature: '0x',
        } as UserOperation,
      })
      return sealOperation(draft, await delegate.sign(operationDigest(module, draft, hash)))
    },
    sign: async () => notForSessions('a hash'),
    signMessage: async () => notForSessions('a message'),
    async signTypedData(typedData: TypedDataDefinition) {
      if (terms.session.signing.length === 0) return notForSessions('typed data')
      return signForApp(terms, kind, BigInt(await chainId()), typedData)
    },
  } as SmartAccount
}

async function draftFor(
  terms: SessionAccountTerms,
  chainId: bigint,
  callData: Hex,
): Promise<OperationDraft> {
  const { account, module, session, ownerSignature } = terms
  checkChainListed(session, chainId)
  const permissions = coverExecutions(session, decodeExecutions(callData))
  const hasPeriod = session.budgets.some((budget) => budget.period > 0)
  const now = terms.now ?? (() => Math.floor(Date.now() / 1000))
  const operation = { session, permissions, claimedTime: hasPeriod ? now() : undefined }
  const id = sessionId(session)
  const { status } = await readSession(account.client, module, session)
  if (status === 'revoked') {
    const reason = `session ${id} was revoked`
    throw new SessionRefused('SessionRevokedForEver', reason, 'ask the owner for a new session')
  }
  if (status === 'enabled') return draftUse(operation, discloseUsed(chainId, permissions))
  if (ownerSignature !== undefined) return draftEnable(operation, ownerSignature)
  throw new SessionRefused(
    'SessionNotEnabled',
    `session ${id} is not enabled for this account`,
    "give the owner's signature, or let the account enable it",
  )
}

function checkTogether({ account, session, delegate }: SessionAccountTerms): void {
  if (account.entryPoint.version === '0.6') {
    throw new SessionRefused(
      'UnsupportedEntryPoint',
      'the account works with EntryPoint 0.6',
      'use an account for EntryPoint 0.7 or later',
    )
  }
  if (!isSame(account.address, session.account)) {
    throw new SessionRefused(
      'WrongAccount',
      `the session is for ${session.account}, the account is ${account.address}`,
      "make the account with the session's address",
    )
  }
  if (delegate.kind !== session.delegateKind || !isSame(delegate.address, session.delegate)) {
    throw new SessionRefused(
      'WrongKey',
      `the session's delegate is ${session.delegate} (kind ${session.delegateKind}), ` +
        `the key is ${delegate.address} (kind ${delegate.kind})`,
      'use the key that the session was granted to',
    )
  }
}

function isSame(a: Address, b: Address): boolean {
  return a.toLowerCase() === b.toLowerCase()
}

function notForSessions(what: string): never {
  throw new SessionRefused(
    'NotForSessions',
    `a session account does not sign ${what}`,
    'use the account with its owner',
  )
}
