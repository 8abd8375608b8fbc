import { type Grant, sessionId, SessionRefused } from 'smart-session'
import { type Names, grantToJson } from 'smart-session/owner'
import { isAddressEqual } from 'viem'
import type { App } from '../app.ts'
import type { AccountFacts } from '../place/account.ts'
import type { Connection } from '../place/connection.ts'
import type { SessionRequest, Terms } from '../request/request.ts'
import type { Owner } from '../wallet/owner.ts'
import { type Incoming, readIncoming } from './incoming.ts'
import { keepGrant } from './kept.ts'
import { isSignedByOwner } from './listing.ts'
import type { NameBook } from './names.ts'
import type { Reading } from './reading.ts'
import {
  type Review,
  reviewGrant,
  reviewPermissions,
  reviewRequest,
  signReviewed,
} from './review.ts'
import { type Signed, answerOf } from './signedView.ts'
import type { Work } from './work.ts'

/** What an ERC-7715 request leaves open. */
const LEFT_OPEN = { seconds: 30 * 86_400, maxCalls: 100, feeLimit: '0.02 ETH' }

/** What an owner's signature needs. */
export type Ready = {
  readonly connection: Connection
  readonly account: AccountFacts
  readonly owner: Owner
}

/** What comes to the desk: it is looked at, shown, and signed where the owner wants it. */
export class Intake {
  /** What is shown before it is signed. */
  review: Review | undefined
  /** What has been signed, until it is put away or in force. */
  signed: Signed | undefined
  #waiting: Incoming | undefined
  readonly #app: App
  readonly #reading: Reading
  readonly #work: Work
  readonly #book: NameBook

  constructor(app: App, reading: Reading, work: Work, book: NameBook) {
    this.#app = app
    this.#reading = reading
    this.#work = work
    this.#book = book
  }

  /** Reads a text, looks at it, and shows it. */
  bring(text: string): void {
    this.#tell(() => readIncoming(text))
  }

  /** The same with a request that a link carries. */
  bringRequest(read: () => SessionRequest): void {
    this.#tell(() => ({ kind: 'request', request: read() }))
  }

  #tell(read: () => Incoming): void {
    try {
      void this.take(read())
    } catch (error) {
      this.#work.fail(error)
    }
  }

  /** Looks at what was brought, and shows it. It waits for the chain to answer. */
  async take(incoming: Incoming): Promise<void> {
    const { connection } = this.#app
    const { account } = this.#reading
    if (connection === undefined || account === undefined) {
      this.#waiting = incoming
      return
    }
    const look = async () => {
      this.signed = undefined
      if (incoming.kind === 'request') {
        learn(this.#book, incoming.request)
        this.review = await reviewRequest(connection, this.#book, account, incoming.request)
      } else if (incoming.kind === 'permissions') {
        const { json } = incoming
        this.review = await reviewPermissions(connection, this.#book, account, json, LEFT_OPEN)
      } else {
        const { grant, names } = incoming
        checkOwn(grant, connection, account)
        await this.#list(grant, names, connection, account)
        if (grant.ownerSignature === undefined) {
          this.review = await reviewGrant(connection, this.#book, account, grant)
        }
      }
    }
    await this.#work.act('It is shown', look, 'review-title')
  }

  /** Takes what has waited for the chain. */
  resume(): void {
    const incoming = this.#waiting
    this.#waiting = undefined
    if (incoming !== undefined) void this.take(incoming)
  }

  /** Shows the request that is reviewed as it is with other terms. */
  change(terms: Terms): void {
    const request = this.review?.request
    const { connection } = this.#app
    const { account } = this.#reading
    if (request === undefined || connection === undefined || account === undefined) return
    void this.#work.act('It is shown', async () => {
      this.review = await reviewRequest(connection, this.#book, account, request, terms)
    })
  }

  /** Has the owner sign what is reviewed. */
  sign(ready: () => Ready): void {
    const { review } = this
    const shown = review?.grant
    if (review === undefined || shown === undefined) return
    const sign = async () => {
      const { connection, account, owner } = ready()
      // It may have been looked at while the page was at another place.
      checkOwn(shown, connection, account)
      const { grant, text } = await signReviewed(connection, account, owner, shown)
      await this.#list(grant, review.names, connection, account)
      const file = JSON.stringify(grantToJson(grant, review.names), null, 2)
      const id = sessionId(grant.session)
      this.signed = { id, text, file, answer: await answerOf(review.asked, grant) }
      this.review = undefined
    }
    void this.#work.act('The session is signed', sign, 'signed-title')
  }

  /** Puts away what was signed, once it is in force: whoever needed its text has it. */
  putAwayEnabled(): void {
    const { id } = this.signed ?? {}
    const isEnabled = this.#reading.list?.sessions.some(
      (one) => one.id === id && one.enabledAt !== undefined,
    )
    if (isEnabled) this.signed = undefined
  }

  /** Lists a session besides those that events tell of. */
  async #list(
    grant: Grant,
    names: Names,
    connection: Connection,
    account: AccountFacts,
  ): Promise<void> {
    this.#book.learn(names.functions ?? [])
    this.#reading.brought.push(grant)
    // What the owner has not signed is not worth keeping: any link could bring it.
    if (await isSignedByOwner(connection, account, grant)) keepGrant(grant)
  }
}

/** A file may name any module and account: only those of this page are looked at.
 *
 * @throws SessionRefused if it names others. */
function checkOwn(
  { module: named, session }: Grant,
  { module }: Connection,
  { address }: AccountFacts,
): void {
  if (!isAddressEqual(named, module)) {
    const what = `the session is for the module ${named}, this page is for ${module}`
    const remedy = 'set the module in the settings, if you know it'
    throw new SessionRefused('WrongAccount', what, remedy)
  }
  if (!isAddressEqual(session.account, address)) {
    const what = `the session is of the account ${session.account}, this is ${address}`
    throw new SessionRefused('WrongAccount', what, 'show that account, and bring it again')
  }
}

/** Learns the names of the functions that a request speaks of. */
function learn(book: NameBook, { permissions }: SessionRequest): void {
  const list = Array.isArray(permissions) ? (permissions as { call?: unknown }[]) : []
  for (const { call } of list) {
    try {
      if (typeof call === 'string' && call.includes('(')) book.learn([call])
    } catch {
      // What is no function is refused where the request is read.
    }
  }
}
