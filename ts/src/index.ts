export { smartSessionAbi } from './abi.js'
export { type AccountKind, detectAccountKind, enableRoute, nonceKey } from './account.js'
export { type ModuleCall, enableCall, revokeAllCall, revokeCall } from './calls.js'
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
export { type ModuleErrorName, errorName, explain, explainFailure } from './errors.js'
export { type Execution, decodeExecutions } from './execution.js'
export { type InstallTerms, installContext, installData } from './install.js'
export {
  type OperationDraft,
  type OperationTerms,
  discloseUsed,
  draftEnable,
  draftUse,
  dummyOperation,
  operationDigest,
  sealOperation,
} from './operation.js'
export { type Disclosure, WHOLE, packSession } from './packed.js'
export { type RefusalCode, SessionRefused } from './refusal.js'
export { checkRepresentable } from './representable.js'
export * from './session.js'
export { type SessionAccountTerms, toSessionAccount } from './session-account.js'
export {
  SESSION_OPERATION_TYPES,
  SESSION_TYPES,
  type SessionOperation,
  type SessionTypedData,
  moduleDomain,
  operationTypedData,
  sessionDigest,
  sessionId,
  sessionTypedData,
} from './typed-data.js'
export { unpackSession } from './unpacked.js'
