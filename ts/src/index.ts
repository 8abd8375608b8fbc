export { smartSessionAbi } from './abi.js'
export {
  type AccountKind,
  accountSignature,
  detectAccountKind,
  enableRoute,
  nonceKey,
} from './account.js'
export {
  type ModuleCall,
  enableCall,
  relayEnableCall,
  relayRenounceCall,
  relayRevokeAllCall,
  relayRevokeCall,
  renounceCall,
  revokeAllCall,
  revokeCall,
} from './calls.js'
export { checkSession, sessionWarnings } from './check.js'
export { type SessionCall, type SessionClient, createSessionClient } from './client.js'
export { coverExecutions } from './coverage.js'
export {
  type Delegate,
  type P256KeyPair,
  delegateAddress,
  dummyDelegateSignature,
  p256Delegate,
  secp256k1Delegate,
  webAuthnDelegate,
} from './delegate.js'
export { moduleDomain } from './domain.js'
export { type DirectTerms, executeCall } from './direct.js'
export { type ModuleErrorName, errorName, explain, explainFailure } from './errors.js'
export { type Execution, decodeExecutions, encodeExecutions } from './execution.js'
export { type InstallTerms, installContext, installData } from './install.js'
export { type Message, messageHash, readMessage } from './message.js'
export {
  type OperationDraft,
  type OperationTerms,
  discloseUsed,
  draftEnable,
  draftUse,
  dummyOperation,
  operationDigest,
  packDirect,
  sealOperation,
} from './operation.js'
export { type Disclosure, WHOLE, packSession } from './packed.js'
export { type RefusalCode, SessionRefused } from './refusal.js'
export { checkRepresentable } from './representable.js'
export * from './session.js'
export { type SessionAccountTerms, toSessionAccount } from './session-account.js'
export {
  type SignatureDraft,
  coverMessage,
  draftSignature,
  sealSignature,
  signatureDigest,
} from './signing.js'
export {
  type BudgetState,
  type SessionState,
  type SessionStatus,
  readBudgets,
  readEpoch,
  readSession,
} from './state.js'
export {
  REVOKE_ALL_SESSIONS_TYPES,
  REVOKE_SESSION_TYPES,
  SESSION_OPERATION_TYPES,
  SESSION_SIGNATURE_TYPES,
  SESSION_TYPES,
  type SessionOperation,
  type SessionSignature,
  type SessionTypedData,
  operationTypedData,
  revokeAllTypedData,
  revokeDigest,
  revokeTypedData,
  sessionDigest,
  sessionId,
  sessionTypedData,
  signatureTypedData,
} from './typed-data.js'
export { unpackSession } from './unpacked.js'
