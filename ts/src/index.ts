/** What a delegate's page needs: a session, its key, acting within it, and what is left of it.
 *
 * What grants and ends sessions is in `smart-session/owner`, the words for errors are in
 * `smart-session/errors`, bytes and digests in `smart-session/format`, imports from other systems in
 * `smart-session/from`. */
export { ACCOUNT_KINDS, type AccountKind } from './accountKind.js'
export { type Delegate } from './accounts/delegate.js'
export { type P256KeyPair, p256Delegate } from './accounts/p256Delegate.js'
export { secp256k1Delegate } from './accounts/secp256k1Delegate.js'
export { type WebAuthnTerms, webAuthnDelegate } from './accounts/webAuthnDelegate.js'
export { executeCall } from './actions/executeCall.js'
export { type ModuleCall } from './actions/moduleCall.js'
export { orderCall } from './actions/orderCall.js'
export { type BudgetState, readBudgets } from './actions/readBudgets.js'
export { type Clock, readClock } from './actions/readClock.js'
export { readOrderNonce } from './actions/readOrderNonce.js'
export { type SessionState, type SessionStatus, readSession } from './actions/readSession.js'
export { relayRenounceCall } from './actions/relayRenounceCall.js'
export { type Remaining, remaining } from './actions/remaining.js'
export { renounceCall } from './actions/renounceCall.js'
export { type SessionStanding, sessionStatus } from './actions/sessionStatus.js'
export {
  type SendOptions,
  type SessionClient,
  createSessionClient,
} from './client/createSessionClient.js'
export { type OwnBundlerTerms, ownBundler } from './client/ownBundler.js'
export { pendingOrders } from './client/pendingOrders.js'
export { type SessionActions, sessionActions } from './client/sessionActions.js'
export { type SessionAccountTerms } from './client/sessionAccountTerms.js'
export { type OrderOptions, type OrderTerms, signOrder } from './client/signOrder.js'
export { toSessionAccount } from './client/toSessionAccount.js'
export { type OperationReceipt, type WaitTerms } from './client/waitForOperation.js'
export { type RefusalCode, SessionRefused } from './errors/sessionRefused.js'
export { type DirectTerms } from './operation/draftDirect.js'
export { type Execution } from './operation/execution.js'
export { type Order } from './operation/order.js'
export { type SessionCall } from './operation/sessionCall.js'
export { type Grant } from './session/grant.js'
export { grantFromText, grantToText } from './session/grantText.js'
export * from './session/session.js'
export { sessionId } from './session/sessionId.js'
