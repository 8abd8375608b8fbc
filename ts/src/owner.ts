/** What an owner's page needs beside `smart-session`: installing the module, granting sessions,
 * telling what they grant, listing and ending them. */
export { detectAccountKind } from './accounts/detectAccountKind.js'
export { enableRoute } from './accounts/enableRoute.js'
export { installContext } from './accounts/installContext.js'
export { type InstallTerms, installData } from './accounts/installData.js'
export { readHook } from './accounts/kernelHook.js'
export { uninstallContext } from './accounts/uninstallContext.js'
export { uninstallData } from './accounts/uninstallData.js'
export { enableCall } from './actions/enableCall.js'
export { leaveCalls } from './actions/leaveCalls.js'
export {
  type EnabledSession,
  type ListTerms,
  type SessionList,
  listSessions,
} from './actions/listSessions.js'
export { readEpoch } from './actions/readEpoch.js'
export { readFacts } from './actions/readFacts.js'
export { readPredecessor } from './actions/readPredecessor.js'
export { type WindowTerms, readWindow } from './actions/readWindow.js'
export { relayEnableCall } from './actions/relayEnableCall.js'
export { relayRevokeAllCall } from './actions/relayRevokeAllCall.js'
export { relayRevokeCall } from './actions/relayRevokeCall.js'
export { revokeAllCall } from './actions/revokeAllCall.js'
export { revokeCall } from './actions/revokeCall.js'
export { type OwnerActions, type OwnerTerms, ownerActions } from './client/ownerActions.js'
export { checkSession } from './session/checkSession.js'
export { type DescriptionLine, describeSession } from './session/describeSession.js'
export { type SessionTypedData } from './session/defineSession.js'
export { type Facts } from './session/facts.js'
export { type Names } from './session/grant.js'
export { grantFromJson, grantToJson } from './session/grantJson.js'
export { type Json } from './session/jsonFields.js'
export { randomSalt } from './session/randomSalt.js'
export { type ReleasedModule, releasedModules } from './session/releasedModules.js'
export { REVOKE_ALL_SESSIONS_TYPES, revokeAllTypedData } from './session/revokeAllTypedData.js'
export { REVOKE_SESSION_TYPES, revokeTypedData } from './session/revokeTypedData.js'
export { sessionTypedData } from './session/sessionTypedData.js'
export { SESSION_TYPES } from './session/sessionTypes.js'
export {
  type Warning,
  type WarningCode,
  WARNING_CODES,
  sessionWarnings,
} from './session/sessionWarnings.js'
export { type AutomationKeeper, automationKeeper } from './templates/automationKeeper.js'
export { type BatchMint, batchMint } from './templates/batchMint.js'
export { type GameMoves, gameMoves } from './templates/gameMoves.js'
export { type Payroll, payroll } from './templates/payroll.js'
export { type SecondDevice, secondDevice } from './templates/secondDevice.js'
export { type SessionFrame } from './templates/sessionFrame.js'
export { type SignInAndPermits, signInAndPermits } from './templates/signInAndPermits.js'
export { type Subscription, subscription } from './templates/subscription.js'
export { type TradingBot, tradingBot } from './templates/tradingBot.js'
