import { parseAbi } from 'viem'

/** The module's function that tells the id of a packed session. */
export const identityAbi = parseAbi([
  'function sessionId(address account, bytes session) view returns (bytes32)',
])
