import { parseAbi } from 'viem'

/** The module's functions that ERC-7579 and ERC-5267 ask for, but those of installing. */
export const standardsAbi = parseAbi([
  'struct PackedUserOperation { address sender; uint256 nonce; bytes initCode; bytes callData; bytes32 accountGasLimits; uint256 preVerificationGas; bytes32 gasFees; bytes paymasterAndData; bytes signature; }',
  'function isModuleType(uint256 moduleTypeId) view returns (bool)',
  'function isInitialized(address account) view returns (bool)',
  'function validateUserOp(PackedUserOperation userOp, bytes32 userOpHash) returns (uint256)',
  'function isValidSignatureWithSender(address sender, bytes32 hash, bytes signature) view returns (bytes4)',
  'function eip712Domain() view returns (bytes1 fields, string name, string version, uint256 chainId, address verifyingContract, bytes32 salt, uint256[] extensions)',
])
