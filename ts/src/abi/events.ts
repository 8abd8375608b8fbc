import { parseAbi } from 'viem'

/** The module's events. */
export const eventsAbi = parseAbi([
  'event SessionEnabled(address indexed account, bytes32 indexed sessionId, address indexed delegate, bytes session)',
  'event SessionRevoked(address indexed account, bytes32 indexed sessionId, address indexed revoker, uint8 formerStatus)',
  'event EpochMoved(address indexed account, uint64 formerEpoch, uint64 epoch)',
])
