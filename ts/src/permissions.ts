/** Sessions for clients that know no module of this kind: permission contexts of ERC-7710, and the
 * responses of ERC-7715 that carry them. For wallets that grant, and apps that redeem. */
export { type Redemption, redeemCall } from './actions/redeemCall.js'
export {
  type Granted,
  delegationContext,
  readDelegationContext,
} from './operation/delegationContext.js'
export { type WalletPermission, type WalletRule } from './operation/grantedPermission.js'
export {
  type AnsweredRequest,
  type PermissionResponse,
  permissionResponse,
  readPermissionResponse,
} from './operation/permissionResponse.js'
