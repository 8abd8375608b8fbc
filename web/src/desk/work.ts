import type { App } from '../app.ts'
import { type Failure, failureOf } from '../page/failure.ts'
import { announce } from '../page/mount.ts'

/** What the desk does, one thing at a time, and what has failed. */
export class Work {
  /** Whether something is being done. */
  isBusy = false
  failure: Failure | undefined
  readonly #app: App
  readonly #after: () => Promise<void>

  /** @param after what follows on everything that was done. */
  constructor(app: App, after: () => Promise<void>) {
    this.#app = app
    this.#after = after
  }

  /** Does something that takes a while, tells what has failed, and goes on with what follows.
   *
   * @param done what is said once it is done.
   * @param focus the id of what has the focus then. */
  async act(done: string, action: () => Promise<void>, focus?: string): Promise<void> {
    if (this.isBusy) return
    ;[this.isBusy, this.failure] = [true, undefined]
    this.#app.update()
    try {
      await action()
      announce(done)
    } catch (error) {
      this.#note(error)
    }
    this.isBusy = false
    this.#app.update()
    // At once: later it would be taken from where its user has gone meanwhile.
    if (focus !== undefined) queueMicrotask(() => document.getElementById(focus)?.focus())
    await this.#after()
    this.#app.update()
  }

  /** Tells what has failed. */
  fail(error: unknown): void {
    this.#note(error)
    this.#app.update()
  }

  #note(error: unknown): void {
    this.failure = failureOf(error)
    announce(this.failure.what)
  }
}
