import type { Hash, Hex } from 'viem'
import type { DelegateKind } from '../session/session.js'

/** An ERC-1271 signature of a session before the delegate has signed it. */
export type SignatureDraft = {
  /** The session's id. */
  readonly sessionId: Hash
  /** The kind of key that will sign. */
  readonly delegateKind: DelegateKind
  /** Everything that travels before the delegate's signature, which covers it. */
  readonly disclosed: Hex
}
