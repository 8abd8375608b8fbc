export { type ContractBook } from './contractBook.js'
export {
  type Caveat,
  type Delegation,
  type Enforcer,
  type Enforcers,
} from './delegation/delegation.js'
export { fromDelegation } from './delegation/fromDelegation.js'
export { type Comparison, type ImportRefusal, type ImportTerms, type Imported } from './imported.js'
export { fromKernelPermission } from './kernel/fromKernelPermission.js'
export {
  type KernelContract,
  type KernelContracts,
  type KernelPermission,
  type KernelPolicy,
  type KernelSigner,
} from './kernel/kernelPermission.js'
export { fromPermissionRequest } from './request/fromPermissionRequest.js'
export { type PermissionRequest } from './request/permissionRequest.js'
export { fromSmartSession } from './smartSession/fromSmartSession.js'
export {
  type SmartSession,
  type SmartSessionAction,
  type SmartSessionContract,
  type SmartSessionContracts,
  type SmartSessionPolicy,
} from './smartSession/smartSession.js'
