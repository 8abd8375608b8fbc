import { parseAbi } from 'viem'

/** The module's function of ERC-7710. */
export const redeemingAbi = parseAbi([
  'function redeemDelegations(bytes[] permissionContexts, bytes32[] modes, bytes[] executionCallDatas)',
])
