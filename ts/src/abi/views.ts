import { parseAbi } from 'viem'

/** The module's functions that tell of sessions. */
export const viewsAbi = parseAbi([
  'struct BudgetUse { uint128 spent; uint128 remaining; }',
  'function budgets(address account, bytes session, uint48 at) view returns (BudgetUse[])',
  'function sessionState(address account, bytes32 sessionId) view returns (uint8 status, uint32 calls, uint96 fee, uint96 nativeSpent, uint24 orderNonce)',
  'function epoch(address account) view returns (uint64)',
])
