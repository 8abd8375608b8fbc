import type { Connection } from './place/connection.ts'
import type { Place } from './place/place.ts'
import type { Owner } from './wallet/owner.ts'
import type { Wallet } from './wallet/wallets.ts'

/** What both rooms share. */
export type App = {
  place: Place
  /** The node, once it has answered. */
  connection: Connection | undefined
  readonly wallets: Wallet[]
  /** The owner's wallet, once it is connected. */
  owner: Owner | undefined
  /** Draws the page anew. */
  readonly update: () => void
  /** Goes to a place of the page. */
  readonly go: (link: string) => void
  /** Keeps a new place, and connects to it. */
  readonly move: (place: Place) => void
}

/** One of the page's rooms. */
export type Room = {
  readonly draw: () => Node
  /** Is told what stands behind the room's name in the link. */
  readonly enter: (parameters: URLSearchParams) => void
  /** Is told that the node has answered, or another one. */
  readonly connected: () => void
}
