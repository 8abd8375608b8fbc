import { parseAbi } from 'viem'

/** The module's functions that enable sessions. */
export const enablingAbi = parseAbi([
  'function enable(bytes session)',
  'function enable(address account, bytes session, bytes signature)',
])
