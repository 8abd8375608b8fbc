import type { Address, Hex } from 'viem'
import type { SmartAccount } from 'viem/account-abstraction'
import type { AccountKind } from '../accountKind.js'
import type { Delegate } from '../accounts/delegate.js'
import type { Session } from '../session/session.js'

/** What a session account is made of. */
export type SessionAccountTerms = {
  /** The account of permissionless or viem, with the session's account as its address. Its owner
   * is not asked: any key may stand in for it. */
  account: SmartAccount
  /** The module, installed on the account. */
  module: Address
  session: Session
  /** The session's delegate. */
  delegate: Delegate
  /** The owner's signature of {@link sessionTypedData}. With it, the first operation enables the
   * session. */
  ownerSignature?: Hex
  /** What the account is; asked of the account if left out. */
  kind?: AccountKind
  /** Operations in different lanes do not wait for each other. */
  lane?: number
  /** The most wei of gas that one operation may cost; a small multiple of the own estimate if left
   * out. More than the session has left is never signed. */
  maxFee?: bigint
  /** The system's clock, in unix seconds. Time is judged at the later of it and the newest block. */
  now?: () => number
}
