import type { Grant } from 'smart-session'
import type { App } from '../app.ts'
import { type AccountFacts, readAccount } from '../place/account.ts'
import { type ModuleFacts, readModule } from '../place/module.ts'
import { keptGrants } from './kept.ts'
import { type SessionListing, readListing } from './listing.ts'
import type { NameBook } from './names.ts'

/** What the chain says of the account: `undefined` until it has answered. */
export class Reading {
  account: AccountFacts | undefined
  module: ModuleFacts | undefined
  list: SessionListing | undefined
  /** Sessions from files and texts, listed besides those that events tell of. */
  readonly brought: Grant[] = []
  #turn = 0

  /** Reads everything anew; of several readings at a time the last one counts.
   *
   * @throws what the node answers. */
  async read({ connection, place }: App, book: NameBook, now: number): Promise<void> {
    if (connection === undefined || place.account === undefined) return
    this.#turn += 1
    const turn = this.#turn
    try {
      const [module, account] = await Promise.all([
        readModule(connection, place.codeHash, now),
        readAccount(connection, place.account),
      ])
      const kept = keptGrants(connection.module, account.address)
      const list = await readListing(connection, account, [...kept, ...this.brought], book)
      if (turn === this.#turn) Object.assign(this, { module, account, list })
    } catch (error) {
      if (turn === this.#turn) throw error
    }
  }

  /** Forgets all of it, and what is being read: the page is at another place. */
  forget(): void {
    this.#turn += 1
    ;[this.account, this.module, this.list] = [undefined, undefined, undefined]
    this.brought.length = 0
  }
}
