import type { Address, Hex } from 'viem'
import type { AccountKind } from '../accountKind.js'
import type { Session } from './session.js'

/** A session with everything that its delegate needs to use it. */
export type Grant = {
  /** The module, which is also the EIP-712 domain of the signature. */
  module: Address
  session: Session
  /** What the account is, if it is known. */
  accountKind?: AccountKind
  /** The account's validator that checks its owner's signatures, if it is known. */
  ownerValidator?: Address
  /** The owner's signature, as the account's ERC-1271 takes it; none while nobody has signed. */
  ownerSignature?: Hex
}

/** The names and units that a session does not keep. */
export type Names = {
  /** For each permission, the function as people write it: `transfer(address,uint256)`. */
  functions?: readonly (string | undefined)[]
  /** For each budget, the decimals of its token. */
  decimals?: readonly (number | undefined)[]
}
