import { type Address, type Hash, type Hex, concat, keccak256, numberToHex } from 'viem'
import { delegateDigest } from './delegateTypedData.js'
import type { DirectDraft } from './draftDirect.js'

/** What bounds an order. */
export type OrderBounds = {
  /** The session's next one, or a later one: orders of one session run one after another. */
  readonly nonce: number
  /** The last second in which it may run, in unix seconds. */
  readonly deadline: number
  /** Gas that the account's call has at least; 0 for no minimum, where a relayer is named. */
  readonly gas: number
  /** Who alone may bring it; the zero address for anyone. */
  readonly relayer: Address
}

/** An order before the delegate has signed it. */
export type OrderDraft = OrderBounds &
  DirectDraft & {
    readonly module: Address
    readonly account: Address
    readonly chainId: bigint
    /** The account's epoch there, which the session names. */
    readonly epoch: bigint
    /** How the account is asked to call (ERC-7579). */
    readonly mode: Hex
    readonly executionCalldata: Hex
  }

/** Calls that a delegate has signed for anyone, or for one relayer, to bring to the chain. */
export type Order = OrderDraft & {
  /** The delegate's, of {@link orderDigest}. */
  readonly signature: Hex
}

/** The highest nonce is never used: a session that has come to it takes no more orders. */
export const ORDER_NONCE_END = 2 ** 24 - 1

/** Returns the digest that the delegate signs for an order: EIP-712, in the module's domain. */
export function orderDigest(draft: OrderDraft): Hash {
  const { module, sessionId, chainId, mode, nonce, deadline, gas, relayer } = draft
  return delegateDigest(module, 'SessionExecution', {
    sessionId,
    disclosure: keccak256(draft.disclosed),
    chainId,
    mode,
    executions: keccak256(draft.executionCalldata),
    nonce,
    deadline,
    gas,
    relayer,
  })
}

/** Returns an order as the module reads it: nonce (3 bytes) ‖ deadline (6) ‖ gas (4) ‖ relayer (20)
 * ‖ the delegate's signature. */
export function packOrder({ nonce, deadline, gas, relayer }: OrderBounds, signature: Hex): Hex {
  return concat([
    numberToHex(nonce, { size: 3 }),
    numberToHex(deadline, { size: 6 }),
    numberToHex(gas, { size: 4 }),
    relayer,
    signature,
  ])
}
