import type { Delegate, Grant, SessionCall } from 'smart-session'
import type { Connection } from '../place/connection.ts'
import type { Place } from '../place/place.ts'
import type { Owner } from '../wallet/owner.ts'

/** How moves come to the chain. */
export type Way = 'order' | 'operation' | 'bundler' | 'wallet'

/** Who plays: signs calls by the session's key, has them brought, and waits until they are in a
 * block.
 *
 * @throws SessionRefused for what the session does not permit.
 * @returns why the calls themselves have failed; `undefined` if they have not. */
export type Player = (calls: readonly SessionCall[]) => Promise<string | undefined>

/** What a player plays with. */
export type PlayerTerms = {
  readonly connection: Connection
  readonly place: Place
  readonly owner: Owner | undefined
  readonly grant: Grant
  readonly delegate: Delegate
}
