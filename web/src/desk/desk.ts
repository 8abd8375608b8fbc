import { type Grant, SessionRefused } from 'smart-session'
import { type Names, grantToJson } from 'smart-session/owner'
import type { App, Room } from '../app.ts'
import { type Child, element } from '../page/element.ts'
import { type Failure, failureOf } from '../page/failure.ts'
import { announce } from '../page/mount.ts'
import { button, failureNotice, notice } from '../page/parts.ts'
import { type AccountFacts, readAccount } from '../place/account.ts'
import { type ModuleFacts, checkKnown, readModule } from '../place/module.ts'
import { type SessionRequest, requestFromText } from '../request/request.ts'
import { type AccountActions, accountView } from './accountView.ts'
import { sessionCard } from './card.ts'
import { leave, revokeAll, revokeOne } from './ending.ts'
import { type Incoming, readIncoming } from './incoming.ts'
import { keepGrant, keptGrants } from './kept.ts'
import { type Listed, isSignedByOwner, readListing } from './listing.ts'
import { NameBook } from './names.ts'
import {
  type Review,
  reviewGrant,
  reviewPermissions,
  reviewRequest,
  signReviewed,
} from './review.ts'
import { reviewView } from './reviewView.ts'
import { type Signed, answerOf, signedView } from './signedView.ts'
import { templateForm } from './template.ts'
import { bringView } from './bringView.ts'

/** What an ERC-7715 request leaves open. */
const LEFT_OPEN = { seconds: 30 * 86_400, maxCalls: 100, feeLimit: '0.02 ETH' }
/** Milliseconds between two looks at the chain while the page is seen. */
const LOOK_AGAIN = 5_000

/** The owner's room: what is granted, to whom, what is left of it, and how it ends. */
export function makeDesk(app: App): Room {
  const book = new NameBook()
  const brought: Grant[] = []
  const answers: { [name: string]: string } = {}
  let account: AccountFacts | undefined
  let module: ModuleFacts | undefined
  let sessions: Listed[] | undefined
  let failure: Failure | undefined
  let busy: string | undefined
  let review: Review | undefined
  let signed: Signed | undefined
  let waiting: Incoming | undefined
  let template = 'game'
  let reading = 0

  const now = () => Math.floor(Date.now() / 1000)

  /** Reads everything anew; of several readings at a time the last one counts. */
  async function read(): Promise<void> {
    const { connection, place } = app
    if (connection === undefined || place.account === undefined) return
    reading += 1
    const turn = reading
    try {
      const [facts, found] = await Promise.all([
        readModule(connection, place.codeHash, now()),
        readAccount(connection, place.account),
      ])
      const kept = keptGrants(connection.module, found.address)
      const listing = await readListing(connection, found, [...kept, ...brought], book)
      if (turn !== reading) return
      ;[module, account, sessions] = [facts, found, listing]
    } catch (error) {
      if (turn !== reading) return
      failure = failureOf(error)
    }
    app.update()
  }

  /** Does something that takes a while, tells what has failed, and reads everything anew. */
  async function act(what: string, done: string, action: () => Promise<void>): Promise<void> {
    if (busy !== undefined) return
    ;[busy, failure] = [what, undefined]
    app.update()
    try {
      await action()
      announce(done)
    } catch (error) {
      failure = failureOf(error)
      announce(failure.what)
    }
    busy = undefined
    await read()
    app.update()
  }

  /** Returns what an owner's action needs, or says what is missing. */
  function ready() {
    const { connection, owner } = app
    if (connection === undefined || account === undefined || module === undefined) {
      throw new SessionRefused('WrongChain', 'the chain has not answered yet', 'wait for it')
    }
    if (owner === undefined) {
      const remedy = 'connect the owner’s wallet'
      throw new SessionRefused('NotForSessions', 'no wallet is connected', remedy)
    }
    checkKnown(module)
    return { connection, account, owner }
  }

  function revoke({ id }: Listed): void {
    void act(id, 'The session is revoked', async () => {
      const { connection, account: of, owner } = ready()
      await revokeOne(connection, of, owner, id)
    })
  }

  const accountActions: AccountActions = {
    revokeAll: () =>
      void act('all', 'All sessions are revoked', async () => {
        const { connection, account: of, owner } = ready()
        await revokeAll(connection, of, owner)
      }),
    leave: () =>
      void act('leave', 'The module is uninstalled', async () => {
        const { connection, account: of, owner } = ready()
        await leave(connection, of, owner)
      }),
  }

  /** Looks at what was brought, and shows it. */
  async function take(incoming: Incoming): Promise<void> {
    const { connection } = app
    if (connection === undefined || account === undefined) {
      waiting = incoming
      return
    }
    await act('looking', 'It is shown', async () => {
      signed = undefined
      if (incoming.kind === 'request') {
        learn(incoming.request)
        review = await reviewRequest(connection, account as AccountFacts, incoming.request)
      } else if (incoming.kind === 'permissions') {
        const { json } = incoming
        review = await reviewPermissions(connection, account as AccountFacts, json, LEFT_OPEN)
      } else {
        const { grant, names } = incoming
        checkOwn(grant)
        await bringGrant(grant, names)
        if (grant.ownerSignature === undefined) {
          review = await reviewGrant(connection, account as AccountFacts, grant, names)
        }
      }
    })
    document.getElementById('review-title')?.focus()
  }

  /** Lists a session besides those that events tell of. */
  async function bringGrant(grant: Grant, names: Names): Promise<void> {
    book.learn(names.functions ?? [])
    brought.push(grant)
    const { connection } = app
    if (connection === undefined || account === undefined) return
    // What the owner has not signed is not worth keeping: any link could bring it.
    if (await isSignedByOwner(connection, account, grant)) keepGrant(grant)
  }

  /** A file may name any module and account: only those of this page are looked at. */
  function checkOwn({ module: named, session }: Grant): void {
    const { connection } = app
    const same = (a?: string, b?: string) => a?.toLowerCase() === b?.toLowerCase()
    if (!same(named, connection?.module)) {
      const what = `the session is for the module ${named}, this page is for ${connection?.module}`
      throw new SessionRefused(
        'WrongAccount',
        what,
        'set the module in the settings, if you know it',
      )
    }
    if (!same(session.account, account?.address)) {
      const what = `the session is of the account ${session.account}, this is ${account?.address}`
      throw new SessionRefused('WrongAccount', what, 'show that account, and bring it again')
    }
  }

  function learn({ permissions }: SessionRequest): void {
    const list = Array.isArray(permissions) ? (permissions as { call?: unknown }[]) : []
    for (const { call } of list) {
      try {
        if (typeof call === 'string' && call.includes('(')) book.learn([call])
      } catch {
        // What is no function is refused where the request is read.
      }
    }
  }

  function bring(text: string): void {
    try {
      void take(readIncoming(text))
    } catch (error) {
      failure = failureOf(error)
      announce(failure.what)
      app.update()
    }
  }

  function sign(): void {
    const shown = review?.grant
    if (shown === undefined) return
    void act('signing', 'The session is signed', async () => {
      const { connection, account: of, owner } = ready()
      const { grant, text } = await signReviewed(connection, of, owner, shown)
      const names = review?.names ?? {}
      await bringGrant(grant, names)
      const file = JSON.stringify(grantToJson(grant, names), null, 2)
      signed = { text, file, answer: await answerOf(review?.asked, grant) }
      review = undefined
    }).then(() => document.getElementById('signed-title')?.focus())
  }

  const obstacle = () => {
    if (app.owner === undefined) return 'Connect the owner’s wallet to sign.'
    if (module?.source === undefined) return 'The module’s code is not known: see above.'
    return undefined
  }

  setInterval(() => {
    const isSeen = document.visibilityState === 'visible' && !location.hash.startsWith('#/game')
    if (isSeen && busy === undefined && failure === undefined) {
      void read()
    }
  }, LOOK_AGAIN)

  return {
    enter(parameters) {
      const request = parameters.get('request')
      const text = parameters.get('session')
      if (request !== null) {
        try {
          void take({ kind: 'request', request: requestFromText(request) })
        } catch (error) {
          failure = failureOf(error)
        }
      } else if (text !== null) bring(text)
      // What has happened in the other room.
      else if (sessions !== undefined) void read()
    },
    connected() {
      // Nothing of another account, module or chain stays in view.
      ;[failure, account, module, sessions] = [undefined, undefined, undefined, undefined]
      ;[review, signed] = [undefined, undefined]
      brought.length = 0
      void read().then(() => {
        const incoming = waiting
        waiting = undefined
        if (incoming !== undefined) void take(incoming)
      })
    },
    draw() {
      if (window.top !== window.self) return framed()
      const isBusy = busy !== undefined
      return element(
        'div',
        { class: 'room desk' },
        element('h1', {}, 'Desk'),
        element(
          'p',
          { class: 'lead' },
          'Who may act for your account, until when, and what is left.',
        ),
        failure !== undefined && [
          failureNotice(failure),
          button(
            'Try again',
            () => {
              failure = undefined
              void read()
              app.update()
            },
            { id: 'again', kind: 'quiet' },
          ),
        ],
        accountView(app, account, module, now(), accountActions, isBusy),
        review !== undefined &&
          reviewView(review, book, {
            sign,
            close: () => {
              review = undefined
              app.go('#/desk')
              app.update()
            },
            change: (terms) => {
              const request = review?.request
              const { connection } = app
              if (request === undefined || connection === undefined || !account) return
              const of = account
              void act('looking', 'It is shown', async () => {
                review = await reviewRequest(connection, of, request, terms)
              })
            },
            isBusy,
            obstacle: obstacle(),
          }),
        signed !== undefined &&
          signedView(signed, () => {
            signed = undefined
            app.update()
          }),
        account !== undefined && listView(isBusy),
        account !== undefined && bringView(bring, isBusy),
        account !== undefined &&
          element(
            'details',
            { class: 'card', id: 'new-session' },
            element('summary', {}, 'New session from a template'),
            templateForm(
              template,
              answers,
              (name) => {
                template = name
                app.update()
              },
              (request) => void take({ kind: 'request', request }),
            ),
          ),
      )
    },
  }

  function listView(isBusy: boolean): Child {
    if (sessions === undefined)
      return element('p', { class: 'quiet', 'aria-busy': 'true' }, 'Reading sessions …')
    return element(
      'section',
      { 'aria-labelledby': 'sessions-title', id: 'sessions' },
      element('h2', { id: 'sessions-title' }, `Sessions (${sessions.length})`),
      sessions.length === 0 &&
        element('p', { class: 'quiet' }, 'No session was ever enabled here.'),
      sessions.map((one) =>
        sessionCard(one, book, now(), {
          revoke,
          sign: ({ grant, names }) => void take({ kind: 'grant', grant, names }),
          isBusy: isBusy || app.owner === undefined,
          canSign: obstacle() === undefined,
        }),
      ),
    )
  }

  /** In a frame, another page could lie over the buttons. */
  function framed(): Node {
    return element(
      'div',
      { class: 'room desk' },
      element('h1', {}, 'Desk'),
      notice('warning', 'the desk does not open within another page: open it in a tab of its own.'),
    )
  }
}
