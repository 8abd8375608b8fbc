import { SessionRefused } from 'smart-session'
import type { App, Room } from '../app.ts'
import { type Child, element } from '../page/element.ts'
import { button, failureNotice, notice } from '../page/parts.ts'
import { checkKnown } from '../place/module.ts'
import { requestFromText } from '../request/request.ts'
import { type AccountActions, accountView } from './accountView.ts'
import { bringView } from './bringView.ts'
import { leave, revokeAll, revokeOne } from './ending.ts'
import { Intake, type Ready } from './intake.ts'
import { NameBook } from './names.ts'
import { Reading } from './reading.ts'
import { reviewView } from './reviewView.ts'
import { sessionsView } from './sessionsView.ts'
import { signedView } from './signedView.ts'
import { templateForm } from './template.ts'
import { Work } from './work.ts'
import { walletButtons } from './walletButtons.ts'

/** Milliseconds between two looks at the chain while the page is seen. */
const LOOK_AGAIN = 5_000

const now = () => Math.floor(Date.now() / 1000)

/** The owner's room: what is granted, to whom, what is left of it, and how it ends. */
export function makeDesk(app: App): Room {
  const book = new NameBook()
  const reading = new Reading()
  const work = new Work(app, read)
  const intake = new Intake(app, reading, work, book)
  const answers: { [name: string]: string } = {}
  let template = 'game'

  /** Reads everything anew. */
  async function read(): Promise<void> {
    try {
      await reading.read(app, book, now())
      intake.putAwayEnabled()
    } catch (error) {
      work.fail(error)
    }
    app.update()
  }

  /** Returns what an owner's action needs, or says what is missing. */
  function ready(): Ready {
    const { connection, owner } = app
    const { account, module } = reading
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

  const asOwner = (
    done: string,
    action: (...parts: [Ready['connection'], Ready['account'], Ready['owner']]) => Promise<void>,
  ) =>
    void work.act(done, async () => {
      const { connection, account, owner } = ready()
      await action(connection, account, owner)
    })

  const accountActions: AccountActions = {
    revokeAll: () => asOwner('All sessions are revoked', revokeAll),
    leave: () => asOwner('The module is uninstalled', leave),
  }

  const obstacle = () => {
    if (app.owner === undefined) return 'Connect the owner’s wallet to sign.'
    if (reading.module?.source === undefined) return 'The module’s code is not known: see above.'
    return undefined
  }

  setInterval(() => {
    const isSeen = document.visibilityState === 'visible' && !location.hash.startsWith('#/game')
    if (isSeen && !work.isBusy && work.failure === undefined) void read()
  }, LOOK_AGAIN)

  return {
    enter(parameters) {
      const request = parameters.get('request')
      const text = parameters.get('session')
      if (request !== null) intake.bringRequest(() => requestFromText(request))
      else if (text !== null) intake.bring(text)
      // What has happened in the other room.
      else if (reading.list !== undefined) void read()
    },
    connected() {
      // Nothing of another account, module or chain stays in view.
      reading.forget()
      ;[work.failure, intake.review, intake.signed] = [undefined, undefined, undefined]
      void read().then(() => intake.resume())
    },
    draw() {
      if (window.top !== window.self) return framed()
      const { isBusy } = work
      const { account, module, list } = reading
      return element(
        'div',
        { class: 'room desk' },
        element('h1', {}, 'Desk'),
        element(
          'p',
          { class: 'lead' },
          'Who may act for your account, until when, and what is left.',
        ),
        failureView(),
        accountView(app, account, module, now(), accountActions, isBusy),
        review(isBusy),
        intake.signed !== undefined &&
          signedView(intake.signed, () => {
            intake.signed = undefined
            app.update()
          }),
        account !== undefined && [
          sessionsView(list, book, now(), {
            revoke: ({ id }) =>
              asOwner('The session is revoked', (connection, of, owner) =>
                revokeOne(connection, of, owner, id),
              ),
            sign: ({ grant, names }) => void intake.take({ kind: 'grant', grant, names }),
            isBusy: isBusy || app.owner === undefined,
            canSign: obstacle() === undefined,
          }),
          bringView((text) => intake.bring(text), isBusy),
          templates(),
        ],
      )
    },
  }

  function failureView(): Child {
    if (work.failure === undefined) return undefined
    const again = () => {
      work.failure = undefined
      void read()
      app.update()
    }
    return [failureNotice(work.failure), button('Try again', again, { id: 'again', kind: 'quiet' })]
  }

  function review(isBusy: boolean): Child {
    if (intake.review === undefined) return undefined
    return reviewView(intake.review, book, {
      sign: () => intake.sign(ready),
      close: () => {
        intake.review = undefined
        app.go('#/desk')
        app.update()
      },
      change: (terms) => intake.change(terms),
      isBusy,
      obstacle: obstacle(),
      wallets: app.owner === undefined ? walletButtons(app, 'review-wallet') : undefined,
    })
  }

  function templates(): Child {
    return element(
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
        (request) => void intake.take({ kind: 'request', request }),
      ),
    )
  }
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
