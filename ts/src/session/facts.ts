import type { Address, Hash } from 'viem'

/** What is known of the world beyond a session itself, as far as anything is. */
export type Facts = {
  /** The present, in unix seconds. */
  now?: number
  /** The account's epoch on the chains that were asked. */
  epochs?: readonly { chainId: bigint; epoch: bigint }[]
  /** The domain separators of the account itself (ERC-5267), on the chains that were asked. */
  accountDomains?: readonly Hash[]
  /** Contracts that the account is made of: its fallback handler, adapter and installed modules.
   * Such a contract takes the account's calls for its owner's. */
  ownContracts?: readonly Address[]
}
