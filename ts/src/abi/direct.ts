import { parseAbi } from 'viem'

/** The module's functions that act within one session without a user operation. */
export const directAbi = parseAbi([
  'function execute(address account, bytes session, bytes32 mode, bytes executionCalldata) returns (bytes[])',
  'function executeFor(address account, bytes session, bytes32 mode, bytes executionCalldata, bytes order) returns (bytes[])',
])
