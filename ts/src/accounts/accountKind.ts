/** The ERC-7579 accounts that this package knows: what they call themselves, and how a nonce or a
 * signature selects one of their validators. */
export type AccountKind = 'openzeppelin' | 'msa' | 'safe7579' | 'nexus' | 'kernel'
