export { smartSessionAbi } from './abi.js'
export { type AccountKind } from './accounts/accountKind.js'
export { accountSignature } from './accounts/accountSignature.js'
export { type Delegate } from './accounts/delegate.js'
export { delegateAddress } from './accounts/delegateAddress.js'
export { detectAccountKind } from './accounts/detectAccountKind.js'
export { dummyDelegateSignature } from './accounts/dummyDelegateSignature.js'
export { enableRoute } from './accounts/enableRoute.js'
export { installContext } from './accounts/installContext.js'
export { type InstallTerms, installData } from './accounts/installData.js'
export { readHook } from './accounts/kernelHook.js'
export { nonceKey } from './accounts/nonceKey.js'
export { type P256KeyPair, p256Delegate } from './accounts/p256Delegate.js'
export { secp256k1Delegate } from './accounts/secp256k1Delegate.js'
export { type WebAuthnTerms, webAuthnDelegate } from './accounts/webAuthnDelegate.js'
export { enableCall } from './actions/enableCall.js'
export { type DirectTerms, executeCall } from './actions/executeCall.js'
export { type ModuleCall } from './actions/moduleCall.js'
export { type BudgetState, readBudgets } from './actions/readBudgets.js'
export { type Clock, readClock } from './actions/readClock.js'
export { readEpoch } from './actions/readEpoch.js'
export { type SessionState, type SessionStatus, readSession } from './actions/readSession.js'
export { type WindowTerms, readWindow } from './actions/readWindow.js'
export { relayEnableCall } from './actions/relayEnableCall.js'
export { relayRenounceCall } from './actions/relayRenounceCall.js'
export { relayRevokeAllCall } from './actions/relayRevokeAllCall.js'
export { relayRevokeCall } from './actions/relayRevokeCall.js'
export { renounceCall } from './actions/renounceCall.js'
export { revokeAllCall } from './actions/revokeAllCall.js'
export { revokeCall } from './actions/revokeCall.js'
export {
  type SessionCall,
  type SendOptions,
  type SessionClient,
  createSessionClient,
} from './client/createSessionClient.js'
export { type SessionAccountTerms } from './client/sessionSigner.js'
export { toSessionAccount } from './client/toSessionAccount.js'
export { type OperationReceipt, type WaitTerms } from './client/waitForOperation.js'
export { errorName, explain } from './errors/explain.js'
export { explainFailure } from './errors/explainFailure.js'
export { type ModuleErrorName } from './errors/sentences.js'
export { type RefusalCode, SessionRefused } from './errors/sessionRefused.js'
export { coverExecutions } from './operation/coverExecutions.js'
export { coverMessage } from './operation/coverMessage.js'
export { decodeExecutions } from './operation/decodeExecutions.js'
export { draftEnable } from './operation/draftEnable.js'
export { draftSignature } from './operation/draftSignature.js'
export { draftUse } from './operation/draftUse.js'
export { dummyOperation } from './operation/dummyOperation.js'
export { encodeExecutions } from './operation/encodeExecutions.js'
export { type Execution } from './operation/execution.js'
export { type Message } from './operation/message.js'
export { messageHash } from './operation/messageHash.js'
export { operationDigest } from './operation/operationDigest.js'
export { type OperationDraft, type OperationTerms } from './operation/operationDraft.js'
export {
  type SessionOperation,
  SESSION_OPERATION_TYPES,
  operationTypedData,
} from './operation/operationTypedData.js'
export { packDirect } from './operation/packDirect.js'
export { readMessage } from './operation/readMessage.js'
export { sealOperation } from './operation/sealOperation.js'
export { sealSignature } from './operation/sealSignature.js'
export { signatureDigest } from './operation/signatureDigest.js'
export { type SignatureDraft } from './operation/signatureDraft.js'
export {
  type SessionSignature,
  SESSION_SIGNATURE_TYPES,
  signatureTypedData,
} from './operation/signatureTypedData.js'
export { checkRepresentable } from './session/checkRepresentable.js'
export { checkSession } from './session/checkSession.js'
export { type Disclosure, WHOLE, discloseUsed } from './session/disclosure.js'
export { type Facts } from './session/facts.js'
export { moduleDomain } from './session/moduleDomain.js'
export { packSession } from './session/packSession.js'
export { randomSalt } from './session/randomSalt.js'
export { REVOKE_ALL_SESSIONS_TYPES, revokeAllTypedData } from './session/revokeAllTypedData.js'
export { revokeDigest } from './session/revokeDigest.js'
export { REVOKE_SESSION_TYPES, revokeTypedData } from './session/revokeTypedData.js'
export * from './session/session.js'
export { sessionDigest } from './session/sessionDigest.js'
export { sessionId } from './session/sessionId.js'
export { type SessionTypedData, sessionTypedData } from './session/sessionTypedData.js'
export { SESSION_TYPES } from './session/sessionTypes.js'
export {
  type Warning,
  type WarningCode,
  WARNING_CODES,
  sessionWarnings,
} from './session/sessionWarnings.js'
export { unpackSession } from './session/unpackSession.js'
