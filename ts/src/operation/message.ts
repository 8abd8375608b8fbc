import type { Hash, Hex } from 'viem'

/** An app's typed data, taken apart as a signing scope sees it. */
export type Message = {
  /** The app's EIP-712 domain separator. */
  readonly domainSeparator: Hash
  /** The EIP-712 hash of the message's type. */
  readonly typeHash: Hash
  /** What `encodeData` writes behind the type hash: one word for each field. */
  readonly words: readonly Hex[]
}
