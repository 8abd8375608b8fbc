/** The bytes beneath: the module's ABI, packed sessions, drafts, digests and messages, for who
 * builds `userOp.signature` by hand or reads events. */
export { smartSessionAbi } from './abi/smartSessionAbi.js'
export { accountSignature } from './accounts/accountSignature.js'
export { delegateAddress } from './accounts/delegateAddress.js'
export { dummyDelegateSignature } from './accounts/dummyDelegateSignature.js'
export { nonceKey } from './accounts/nonceKey.js'
export { coverExecutions } from './operation/coverExecutions.js'
export { coverMessage } from './operation/coverMessage.js'
export { decodeExecutions } from './operation/decodeExecutions.js'
export {
  type DelegateMessages,
  DELEGATE_TYPES,
  delegateDigest,
  delegateTypedData,
} from './operation/delegateTypedData.js'
export { type DirectDraft, draftDirect } from './operation/draftDirect.js'
export { draftEnable } from './operation/draftEnable.js'
export { draftSignature } from './operation/draftSignature.js'
export { draftUse } from './operation/draftUse.js'
export { dummyOperation } from './operation/dummyOperation.js'
export { encodeExecutions } from './operation/encodeExecutions.js'
export { type Message } from './operation/message.js'
export { messageHash } from './operation/messageHash.js'
export { operationDigest } from './operation/operationDigest.js'
export { type OperationDraft, type OperationTerms } from './operation/operationDraft.js'
export {
  ORDER_NONCE_END,
  type OrderBounds,
  type OrderDraft,
  orderDigest,
  packOrder,
} from './operation/order.js'
export { readMessage } from './operation/readMessage.js'
export { sealOperation } from './operation/sealOperation.js'
export { sealSignature } from './operation/sealSignature.js'
export { signatureDigest } from './operation/signatureDigest.js'
export { type SignatureDraft } from './operation/signatureDraft.js'
export { checkRepresentable } from './session/checkRepresentable.js'
export { type Disclosure, WHOLE, discloseUsed } from './session/disclosure.js'
export { moduleDomain } from './session/moduleDomain.js'
export { packSession } from './session/packSession.js'
export { revokeDigest } from './session/revokeDigest.js'
export { sessionDigest } from './session/sessionDigest.js'
export { unpackSession } from './session/unpackSession.js'
