import type { Address, Hex } from 'viem'
import type { Numeric } from '../../session/readWhole.js'

/** One request of `wallet_requestExecutionPermissions` (ERC-7715). */
export type PermissionRequest = {
  chainId: Hex | Numeric
  from?: Address | null
  to: Address
  permission: {
    type: string
    isAdjustmentAllowed: boolean
    data: { [field: string]: unknown }
  }
  rules?: readonly { type: string; data: { [field: string]: unknown } }[] | null
}

/** What a request, its permission and its rules may say. What else stands there may restrict
 * anything, so it is refused. */
export const FIELDS = {
  request: ['chainId', 'from', 'permission', 'rules', 'to'],
  permission: ['data', 'isAdjustmentAllowed', 'type'],
  rule: ['data', 'type'],
} as const

/** Types that have no equal: what they mean, and what to do instead. */
export const UNSAYABLE_TYPES: { [type: string]: readonly [meaning: string, remedy: string] } = {
  'erc20-token-revocation': [
    'revoking allowances of any token',
    'name each token: a session with approve and the amount 0',
  ],
  'token-approval-revocation': [
    'revoking allowances of any token',
    'name each token: a session with approve and the amount 0',
  ],
  'erc721-token-allowance': [
    'transfers of NFTs of a contract',
    'a session with transferFrom and rules for the receiver and the token id',
  ],
}
