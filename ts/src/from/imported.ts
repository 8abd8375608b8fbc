import type { Address } from 'viem'
import type { Session } from '../session/session.js'

/** What an import leaves open, and the owner's client says.
 *
 * Epoch and salt are never taken from what is imported: the epoch is the chain's, the salt new. */
export type ImportTerms = {
  /** The account that the session is for. */
  account: Address
  /** The chain that it is for. */
  chainId: bigint
  /** The account's epoch there, as the module tells it. */
  epoch: bigint
  /** The session module. */
  module: Address
  /** Most wei of gas in total, whoever pays. */
  feeLimit: bigint
  /** Makes the session differ from an equal one; 64 bits. */
  salt: bigint
  /** The first moment, in unix seconds; later than the source's only. */
  validAfter?: number
  /** The last moment, in unix seconds; earlier than the source's only. */
  validUntil?: number
  /** The most executions; fewer than the source's only. */
  maxCalls?: number
  /** Who else must pay for gas, if the source allows it. Left out: the one payer that the source
   * demands, or else nobody but the account. */
  paymaster?: Address
  /** Who may get native value, where the source names no receiver. */
  receivers?: readonly Address[]
}

/** One thing that the source says, and what the session says instead. */
export type Comparison = {
  /** Where it stands in the input. */
  path: string
  /** What the source permits, in words. */
  source: string
  /** What the session permits, in words. */
  session: string
  /** Whether the session permits the same or less. It never permits more. */
  relation: 'same' | 'narrower'
}

/** One thing that the source says and no session can. */
export type ImportRefusal = {
  /** Where it stands in the input; `terms.` for what the client said. */
  path: string
  /** What it means, in words. */
  meaning: string
  /** What to do instead. */
  remedy: string
}

/** What comes of an import: a session with what changes, or everything that stands against it. */
export type Imported =
  | { session: Session; comparisons: readonly Comparison[]; refusals?: never }
  | { session?: never; comparisons: readonly Comparison[]; refusals: readonly ImportRefusal[] }
