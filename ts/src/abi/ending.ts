import { parseAbi } from 'viem'

/** The module's functions by which an account, or anyone for its owner, ends sessions. */
export const endingAbi = parseAbi([
  'function revoke(bytes32 sessionId)',
  'function revokeFor(address account, bytes32 sessionId, bytes signature)',
  'function revokeAll(bytes32 salt)',
  'function revokeAll(address account, bytes32 salt, bytes signature)',
])
