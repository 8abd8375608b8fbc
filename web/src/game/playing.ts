import { SessionRefused } from 'smart-session'
import type { App } from '../app.ts'
import { failureOf } from '../page/failure.ts'
import { announce } from '../page/mount.ts'
import type { Tried } from './boardView.ts'
import type { Play } from './play.ts'
import type { Player, PlayerTerms, Way } from './player.ts'
import { makePlayer } from './ways.ts'

/** How many tries are shown. */
const MOST_TRIED = 12

/** What a player plays with, besides what the page knows. */
export type Hand = Pick<PlayerTerms, 'grant' | 'delegate'>

/** Plays one move at a time, in the way that is chosen, and keeps what became of each. */
export class Playing {
  way: Way = 'order'
  isBusy = false
  tried: readonly Tried[] = []
  #tries = 0
  #player: { readonly way: Way; readonly made: Promise<Player> } | undefined
  readonly #app: App

  constructor(app: App) {
    this.#app = app
  }

  /** Plays: signs here, has it brought, and waits until it is in a block. */
  async play({ label, calls }: Play, hand: Hand | undefined): Promise<void> {
    const start = performance.now()
    this.isBusy = true
    this.#app.update()
    this.#tries += 1
    const id = this.#tries
    const result = await this.#playerFor(hand)
      .then((player) => player(calls))
      .then(
        (reason): Tried =>
          reason === undefined
            ? { id, label, milliseconds: Math.round(performance.now() - start), failure: undefined }
            : failed(id, label, { what: reason, remedy: 'try another move' }),
        (error: unknown) => failed(id, label, failureOf(error)),
      )
    this.tried = [result, ...this.tried].slice(0, MOST_TRIED)
    announce(result.failure ? `Refused: ${result.failure.what}` : `${label} is mined`)
    this.isBusy = false
    this.#app.update()
  }

  /** Plays with another session, or at another place, from now on. */
  forgetPlayer(): void {
    this.#player = undefined
  }

  async #playerFor(hand: Hand | undefined): Promise<Player> {
    const { connection, place, owner } = this.#app
    if (connection === undefined || hand === undefined) {
      throw new SessionRefused('WrongChain', 'the node has not answered yet', 'wait for it')
    }
    if (this.#player?.way !== this.way) {
      const made = makePlayer(this.way, { connection, place, owner, ...hand })
      this.#player = { way: this.way, made }
      made.catch(() => this.forgetPlayer())
    }
    return this.#player.made
  }
}

const failed = (id: number, label: string, failure: Tried['failure']): Tried => {
  return { id, label, milliseconds: undefined, failure }
}
