import type { Demo } from './stage.js'

/** A request of ERC-7715: ether for one payee, 0.5 in all. */
export const permissionRequest = (demo: Demo, permission: object = {}) => ({
  chainId: `0x${Number(demo.world['chainId']).toString(16)}`,
  from: demo.world['account'],
  to: '0x1111111111111111111111111111111111111111',
  permission: {
    type: 'native-token-allowance',
    isAdjustmentAllowed: true,
    data: { allowance: '0x6f05b59d3b20000', startTime: Math.floor(Date.now() / 1000) - 100 },
    ...permission,
  },
  rules: [
    { type: 'payee', data: { addresses: ['0x2222222222222222222222222222222222222222'] } },
    { type: 'expiry', data: { timestamp: Math.floor(Date.now() / 1000) + 86_400 } },
  ],
})
