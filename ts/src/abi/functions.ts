import { parseAbi } from 'viem'

/** The module's functions. */
export const functionsAbi = parseAbi([
  'struct PackedUserOperation { address sender; uint256 nonce; bytes initCode; bytes callData; bytes32 accountGasLimits; uint256 preVerificationGas; bytes32 gasFees; bytes paymasterAndData; bytes signature; }',
  'struct BudgetUse { uint128 spent; uint128 remaining; }',

  // ERC-7579
  'function onInstall(bytes data)',
  'function onUninstall(bytes data)',
  'function isModuleType(uint256 moduleTypeId) view returns (bool)',
  'function isInitialized(address account) view returns (bool)',
  'function validateUserOp(PackedUserOperation userOp, bytes32 userOpHash) returns (uint256)',
  'function isValidSignatureWithSender(address sender, bytes32 hash, bytes signature) view returns (bytes4)',

  // sessions
  'function enable(bytes session)',
  'function enable(address account, bytes session, bytes signature)',
  'function execute(address account, bytes session, bytes32 mode, bytes executionCalldata) returns (bytes[])',
  'function executeFor(address account, bytes session, bytes32 mode, bytes executionCalldata, bytes order) returns (bytes[])',
  'function redeemDelegations(bytes[] permissionContexts, bytes32[] modes, bytes[] executionCallDatas)',
  'function revoke(bytes32 sessionId)',
  'function revoke(address account, bytes session, bytes signature)',
  'function revokeFor(address account, bytes32 sessionId, bytes signature)',
  'function revokeAll(bytes32 salt)',
  'function revokeAll(address account, bytes32 salt, bytes signature)',
  'function sessionId(address account, bytes session) view returns (bytes32)',
  'function budgets(address account, bytes session, uint48 at) view returns (BudgetUse[])',
  'function sessionState(address account, bytes32 sessionId) view returns (uint8 status, uint32 calls, uint96 fee, uint96 nativeSpent, uint24 orderNonce)',
  'function epoch(address account) view returns (uint64)',
  'function eip712Domain() view returns (bytes1 fields, string name, string version, uint256 chainId, address verifyingContract, bytes32 salt, uint256[] extensions)',
])
