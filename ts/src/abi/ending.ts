import { parseAbi } from 'viem'

/** The module's functions that end sessions. */
export const endingAbi = parseAbi([
  'function revoke(bytes32 sessionId)',
  'function revoke(address account, bytes session, bytes signature)',
  'function revokeFor(address account, bytes32 sessionId, bytes signature)',
  'function revokeAll(bytes32 salt)',
  'function revokeAll(address account, bytes32 salt, bytes signature)',
])
