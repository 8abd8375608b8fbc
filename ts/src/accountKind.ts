/** The ERC-7579 accounts that this package knows, in the order that the text of a session counts
 * them in. */
export const ACCOUNT_KINDS = ['openzeppelin', 'msa', 'safe7579', 'nexus', 'kernel'] as const

/** One of them: what an account calls itself, and how a nonce or a signature selects one of its
 * validators. */
export type AccountKind = (typeof ACCOUNT_KINDS)[number]
