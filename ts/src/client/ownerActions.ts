import type { Address, Client, Hex } from 'viem'
import type { SmartAccount } from 'viem/account-abstraction'
import type { AccountKind } from '../accountKind.js'
import { detectAccountKind } from '../accounts/detectAccountKind.js'
import { leaveCalls } from '../actions/leaveCalls.js'
import { type ListTerms, type SessionList, listSessions } from '../actions/listSessions.js'
import type { ModuleCall } from '../actions/moduleCall.js'
import { readEpoch } from '../actions/readEpoch.js'
import { readFacts } from '../actions/readFacts.js'
import { type WindowTerms, readWindow } from '../actions/readWindow.js'
import { type Remaining, remaining } from '../actions/remaining.js'
import { type SessionStanding, sessionStatus } from '../actions/sessionStatus.js'
import { SessionRefused } from '../errors/sessionRefused.js'
import type { AnsweredRequest, PermissionResponse } from '../operation/permissionResponse.js'
import { checkSession } from '../session/checkSession.js'
import type { Facts } from '../session/facts.js'
import type { Session } from '../session/session.js'
import { sessionTypedData } from '../session/sessionTypedData.js'
import { type Warning, sessionWarnings } from '../session/sessionWarnings.js'
import { checkSameChain } from './pinChain.js'

/** What a client can do for the owner of accounts. */
export type OwnerActions = {
  /** Lists the sessions that an account has enabled. */
  listSessions: (parameters: ListTerms) => Promise<SessionList>
  /** Asks what has become of a session. */
  sessionStatus: (parameters: { session: Session }) => Promise<SessionStanding>
  /** Asks what a session has left. */
  remaining: (parameters: { session: Session }) => Promise<Remaining>
  /** Returns when a session that begins now holds. */
  readWindow: (parameters: WindowTerms) => Promise<{ validAfter: number; validUntil: number }>
  /** Asks for the epoch of an account. */
  readEpoch: (parameters: { account: Address }) => Promise<bigint>
  /** Returns what the owner should know before signing, by what the chain says. */
  sessionWarnings: (parameters: { session: Session }) => Promise<Warning[]>
  /** Lets an account's owner sign a session, once the chain has confirmed its epoch and that no
   * permission is for a contract that the account is made of.
   *
   * @throws {@link SessionRefused} if it cannot work. */
  signSession: (parameters: { account: SmartAccount; session: Session }) => Promise<Hex>
  /** Lets an account's owner sign the session that grants a request of ERC-7715, likewise, and
   * returns what the wallet answers.
   *
   * @throws {@link SessionRefused} likewise, or if the session is not one for who asks. */
  grantPermission: (parameters: {
    account: SmartAccount
    session: Session
    request: AnsweredRequest
  }) => Promise<PermissionResponse>
  /** Returns the calls by which an account ends all sessions and uninstalls the module. */
  leaveCalls: (parameters: { account: Address; kind?: AccountKind }) => Promise<ModuleCall[]>
}

/** What an owner's actions are for. */
export type OwnerTerms = {
  /** The module: one that the owner knows, never one that a file or an app names. */
  module: Address
  /** The system's clock, in unix seconds. */
  now?: () => number
}

/** Returns an owner's actions for a client: `client.extend(ownerActions({ module }))`. */
export function ownerActions({ module, now }: OwnerTerms) {
  const signFor = async (client: Client, account: SmartAccount, session: Session) => {
    const facts = await readFacts(client, module, session, now)
    if (client.chain !== undefined) checkSameChain(facts.epochs[0]?.chainId ?? 0n, client.chain.id)
    checkSession(session, module, facts)
    checkEpoch(session, facts.epochs)
    return account.signTypedData(sessionTypedData(module, session))
  }
  return (client: Client): OwnerActions => ({
    listSessions: (terms) => listSessions(client, module, terms),
    sessionStatus: ({ session }) => sessionStatus(client, module, session, now),
    remaining: ({ session }) => remaining(client, module, session, now),
    readWindow: (terms) => readWindow(client, { ...(now === undefined ? {} : { now }), ...terms }),
    readEpoch: ({ account }) => readEpoch(client, module, account),
    async sessionWarnings({ session }) {
      return sessionWarnings(session, await readFacts(client, module, session, now))
    },
    signSession: ({ account, session }) => signFor(client, account, session),
    async grantPermission({ account, session, request }) {
      // Loaded by the wallets that are asked.
      const { permissionResponse } = await import('../operation/permissionResponse.js')
      // What is not for who asks is refused before it is signed.
      permissionResponse({ module, session }, request)
      const ownerSignature = await signFor(client, account, session)
      return permissionResponse({ module, session, ownerSignature }, request)
    },
    async leaveCalls({ account, kind }) {
      return leaveCalls(client, module, account, kind ?? (await detectAccountKind(client, account)))
    },
  })
}

/** A session of an epoch that is not the chain's is void, or comes alive with the next revocation.
 */
function checkEpoch({ chains }: Session, epochs: NonNullable<Facts['epochs']>): void {
  for (const { chainId, epoch } of epochs) {
    const here = chains.find((chain) => BigInt(chain.chainId) === chainId)
    if (here === undefined || BigInt(here.epoch) === epoch) continue
    throw new SessionRefused(
      'WrongEpoch',
      `the session is of epoch ${here.epoch}, the account is in epoch ${epoch}`,
      'take the epoch from readEpoch',
    )
  }
}
