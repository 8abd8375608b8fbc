import { type Address, type Hex, concat } from 'viem'
import type { AccountKind } from '../accountKind.js'
import { enableRoute } from './enableRoute.js'

/** Returns an ERC-1271 signature with which an account of that kind asks `validator`. */
export function accountSignature(kind: AccountKind, validator: Address, signature: Hex): Hex {
  return concat([enableRoute(kind, validator), signature])
}
