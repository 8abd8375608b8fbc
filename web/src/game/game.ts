import {
  type Grant,
  type Remaining,
  type SessionStanding,
  grantFromText,
  remaining,
  SessionRefused,
  sessionStatus,
} from 'smart-session'
import { parseEther } from 'viem'
import type { App, Room } from '../app.ts'
import { type Child, element } from '../page/element.ts'
import { type Failure, failureOf } from '../page/failure.ts'
import { announce } from '../page/mount.ts'
import { failureNotice } from '../page/parts.ts'
import { boardView } from './boardView.ts'
import { type GameKey, keptKey } from './keys.ts'
import {
  type Play,
  type Standing,
  checkForKey,
  movePlay,
  readStanding,
  withdrawPlay,
} from './play.ts'
import { Playing } from './playing.ts'
import { keyStep, sessionStep } from './stepsView.ts'

const KEPT = 'smart-session.game.session'
/** Milliseconds between two looks at the chain while the page is seen. */
const LOOK_AGAIN = 5_000

/** The delegate's room: a key, a session for it, and moves that it signs. */
export function makeGame(app: App): Room {
  const playing = new Playing(app)
  let key: GameKey | undefined
  let grant: Grant | undefined
  let status: SessionStanding | undefined
  let left: Remaining | undefined
  let standing: Standing | undefined
  let failure: Failure | undefined
  let stake = '0.001'

  const started = keptKey().then(
    (kept) => {
      key = kept
      take(localStorage.getItem(KEPT) ?? undefined)
    },
    (error: unknown) => fail(error),
  )

  function fail(error: unknown): void {
    failure = failureOf(error)
    announce(failure.what)
    app.update()
  }

  async function makeKey(make: () => Promise<GameKey>): Promise<void> {
    failure = undefined
    try {
      key = await make()
      announce(`The ${key.kind} is made`)
    } catch (error) {
      fail(error)
    }
    app.update()
  }

  /** Takes a session in, if it is for this key. */
  function take(text: string | undefined): void {
    if (text === undefined || text.trim() === '') return
    try {
      const [found] = /session1\.[\w\s-]+/.exec(text) ?? [text]
      const read = grantFromText(found)
      if (key === undefined) {
        throw new SessionRefused(
          'WrongKey',
          'there is no key here',
          'make one, and ask for a session',
        )
      }
      if (app.connection !== undefined) checkForKey(app.connection, read, key.delegate)
      ;[grant, failure, status, left] = [read, undefined, undefined, undefined]
      playing.forgetPlayer()
      localStorage.setItem(KEPT, found)
      void look()
    } catch (error) {
      fail(error)
    }
    app.update()
  }

  /** Asks the chain what is left, and where the account stands. */
  async function look(): Promise<void> {
    const { connection, place } = app
    if (connection === undefined || grant === undefined) return
    const { client, module } = connection
    const { session } = grant
    try {
      const { game } = place
      ;[status, left, standing] = await Promise.all([
        sessionStatus(client, module, session),
        remaining(client, module, session),
        game === undefined ? undefined : readStanding(connection, game, session.account),
      ])
    } catch (error) {
      failure = failureOf(error)
    }
    app.update()
  }

  /** Plays a move, unless one is under way, and looks at what is left. */
  async function play(move: Play): Promise<void> {
    if (playing.isBusy) return
    failure = undefined
    const hand = grant === undefined || key === undefined ? undefined : { grant, ...key }
    await playing.play(move, hand)
    await look()
  }

  setInterval(() => {
    const isSeen = document.visibilityState === 'visible' && location.hash.startsWith('#/game')
    if (isSeen && !playing.isBusy) void look()
  }, LOOK_AGAIN)

  return {
    enter(parameters) {
      const text = parameters.get('session')
      if (text === null) return
      void started.then(() => {
        take(text)
        app.go('#/game')
      })
    },
    connected() {
      playing.forgetPlayer()
      void started.then(() => {
        const { connection } = app
        if (connection === undefined || grant === undefined || key === undefined) return
        try {
          checkForKey(connection, grant, key.delegate)
          void look()
        } catch (error) {
          grant = undefined
          fail(error)
        }
      })
    },
    draw() {
      return element(
        'div',
        { class: 'room game' },
        element('h1', {}, 'Game'),
        element(
          'p',
          { class: 'lead' },
          'A page that moves for you: only what you permit, only as long, and never with your own key.',
        ),
        grant === undefined &&
          element(
            'p',
            { class: 'quiet', id: 'how' },
            'Three steps: make a key, ask the account’s owner for a session, and play.',
          ),
        failure !== undefined && failureNotice(failure),
        element(
          'ol',
          { class: 'steps' },
          keyStep(key, (make) => void makeKey(make)),
          key !== undefined && sessionStep(key, grant, app.place, take),
        ),
        grant !== undefined &&
          key !== undefined &&
          app.place.game !== undefined &&
          board(grant, app.place.game),
      )
    },
  }

  function board(of: Grant, game: `0x${string}`): Child {
    return boardView(
      {
        session: of.session,
        status,
        left,
        standing,
        tried: playing.tried,
        way: playing.way,
        isBusy: playing.isBusy,
        stake,
        now: Math.floor(Date.now() / 1000),
      },
      {
        move: (step, times) => void play(movePlay(game, step, parseEther(stake), times)),
        withdraw: () => void play(withdrawPlay(game, 1n)),
        setStake: (value) => {
          stake = value
        },
        setWay: (chosen) => {
          playing.way = chosen
          app.update()
        },
      },
    )
  }
}
