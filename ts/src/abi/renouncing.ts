import { parseAbi } from 'viem'

/** The module's function by which a delegate ends its own session. */
export const renouncingAbi = parseAbi([
  'function revoke(address account, bytes session, bytes signature)',
])
