import type { Address, Hex } from 'viem'

/** The kind of key that a delegate signs with: 0 secp256k1, 1 P-256, 2 WebAuthn (a passkey). */
export type DelegateKind = 0 | 1 | 2

/** The kinds of key, by name. */
export const DELEGATE_KIND = { secp256k1: 0, p256: 1, webAuthn: 2 } as const

/** A temporary, limited permission slip that an account's owner signs for a delegate.
 *
 * Nothing that is left out ever means "any" or "unlimited". */
export type Session = {
  /** The account it is for. */
  account: Address
  /** The chains it holds on, at most 16. Every limit holds on each chain by itself. */
  chains: readonly Chain[]
  /** Who may act: an Ethereum address, or the last 20 bytes of `keccak256(x ‖ y)`. */
  delegate: Address
  /** The kind of the delegate's key. */
  delegateKind: DelegateKind
  /** The first moment, in unix seconds. EntryPoint 0.8 and later exclude it, 0.7 does not. */
  validAfter: number
  /** The last moment, in unix seconds, included; below 2^47. */
  validUntil: number
  /** The total number of executions, a batch of 5 being 5; {@link UNCOUNTED_CALLS} for any. */
  maxCalls: number
  /** Most wei of gas in total, whoever pays; {@link UNCOUNTED_FEES} for any. */
  feeLimit: bigint
  /** Who else must pay for gas: one address, {@link NO_PAYMASTER} or {@link ANY_PAYMASTER}. */
  paymaster: Address
  /** What may be called, at most 64. Empty: nothing may be called. */
  permissions: readonly Permission[]
  /** Totals, at most 16. */
  budgets: readonly Budget[]
  /** What may be signed through ERC-1271, at most 16. */
  signing: readonly SigningScope[]
  /** Makes two equal sessions differ; 64 bits. */
  salt: bigint
}

/** A chain that a session holds on. */
export type Chain = {
  /** The chain's id. */
  chainId: bigint
  /** The account's epoch there: 0 until it revokes all its sessions for the first time. */
  epoch: bigint
}

/** One target and function that may be called, and the limits on such a call. */
export type Permission = {
  /** The contract, or the receiver of a plain transfer. */
  target: Address
  /** The function's four bytes, {@link ANY_CALL} or {@link PLAIN_TRANSFER}. */
  selector: Hex
  /** Most wei in one call; 0 for none. */
  valueLimit: bigint
  /** Bounds on words of the calldata, at most 16; all must hold. */
  rules: readonly ArgumentRule[]
}

/** A bound on the calldata word at byte 4 + 32 · index: min ≤ word ≤ max, unsigned. */
export type ArgumentRule = {
  /** Which word, from 0. */
  index: number
  /** The lowest value. */
  min: bigint
  /** The highest value. */
  max: bigint
}

/** A total over the session, or over each period of it. */
export type Budget = {
  /** An ERC-20, or {@link NATIVE} for native value. */
  token: Address
  /** The most, in the token's smallest unit (wei for native value). */
  amount: bigint
  /** Seconds, at least 60, counted from `validAfter`; 0 for the whole session. */
  period: number
}

/** A type of message that a session may sign through ERC-1271. */
export type SigningScope = {
  /** The app's EIP-712 domain separator. */
  domainSeparator: Hex
  /** The message's EIP-712 type hash. */
  typeHash: Hex
  /** Bounds on the words of the message, at most 16; word 0 is the first behind the type hash. */
  rules: readonly ArgumentRule[]
}

/** A `maxCalls` that means: do not count. */
export const UNCOUNTED_CALLS = 2 ** 32 - 1
/** A `feeLimit` that means: do not count. Only with one paymaster named. */
export const UNCOUNTED_FEES = 2n ** 96n - 1n
/** A `paymaster` that means: the account pays for gas itself. */
export const NO_PAYMASTER: Address = '0x0000000000000000000000000000000000000000'
/** A `paymaster` that means: any, or none. */
export const ANY_PAYMASTER: Address = '0xffffffffffffffffffffffffffffffffffffffff'
/** A `selector` that means: any calldata of any length. */
export const ANY_CALL: Hex = '0xffffffff'
/** A `selector` that means: no calldata at all. */
export const PLAIN_TRANSFER: Hex = '0x00000000'
/** A budget's `token` that means: native value. In the writing that {@link unpackSession} gives. */
export const NATIVE: Address = '0xEeeeeEeeeEeEeeEeEeEeeEEEeeeeEeeeeeeeEEeE'

/** The most that a session, an operation or an install can hold. Part of the format. */
export const CAPS = {
  chains: 16,
  permissions: 64,
  rules: 16,
  budgets: 16,
  signing: 16,
  executions: 32,
  /** Bytes. */
  ownerSignature: 4096,
  sessionsAtInstall: 8,
} as const
