import type { Hex } from 'viem'

/** `transfer(address,uint256)`, as selector, like the others here. */
export const TRANSFER: Hex = '0xa9059cbb'
/** `transferFrom(address,address,uint256)` */
export const TRANSFER_FROM: Hex = '0x23b872dd'
/** `approve(address,uint256)` */
export const APPROVE: Hex = '0x095ea7b3'
/** `increaseAllowance(address,uint256)` */
export const INCREASE_ALLOWANCE: Hex = '0x39509351'

/** All that a budget of a token counts. Every other call of the token is refused. */
export const COUNTED: readonly string[] = [TRANSFER, TRANSFER_FROM, APPROVE, INCREASE_ALLOWANCE]
