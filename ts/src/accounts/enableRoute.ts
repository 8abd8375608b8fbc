import { type Address, type Hex, concat } from 'viem'
import type { AccountKind } from '../accountKind.js'

/** Returns the enable route of an account: how an owner's signature begins that `validator` is to
 * check. Set at install, so that no weaker validator of the account can enable sessions. */
export function enableRoute(kind: AccountKind, validator: Address): Hex {
  return kind === 'kernel' ? concat(['0x01', validator]) : validator
}
