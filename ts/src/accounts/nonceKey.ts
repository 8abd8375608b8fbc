import { type Address, type Hex, concat, numberToHex } from 'viem'
import { SessionRefused } from '../errors/sessionRefused.js'
import type { AccountKind } from '../accountKind.js'

/** Bytes of a nonce key that are free for lanes. */
const LANE_BYTES: Record<AccountKind, number> = {
  openzeppelin: 4,
  msa: 4,
  safe7579: 4,
  nexus: 3,
  kernel: 2,
}

/** Returns the nonce key (192 bits, ERC-4337) with which an account asks `validator`.
 *
 * | account | key |
 * |---|---|
 * | OpenZeppelin, MSA, Safe7579 | validator ‖ lane (4 bytes) |
 * | Nexus | lane (3 bytes) ‖ mode 00 ‖ validator |
 * | Kernel 3.1 | mode 00 ‖ type 01 ‖ validator ‖ lane (2 bytes) |
 *
 * @param lane operations in different lanes do not wait for each other; 0 for one lane.
 * @throws {@link SessionRefused} if the lane does not fit. */
export function nonceKey(kind: AccountKind, validator: Address, lane = 0): bigint {
  const bytes = LANE_BYTES[kind]
  if (!Number.isInteger(lane) || lane < 0 || lane >= 2 ** (8 * bytes)) {
    throw new SessionRefused(
      'LaneTooWide',
      `lane ${lane} does not fit into a nonce of kind ${kind}`,
      `take one from 0 to ${2 ** (8 * bytes) - 1}`,
    )
  }
  const free = numberToHex(lane, { size: bytes })
  return BigInt(concat(nonceParts(kind, validator, free)))
}

/** Checks that a nonce selects a validator, in whatever lane.
 *
 * @throws {@link SessionRefused} if it does not. */
export function checkNonce(kind: AccountKind, validator: Address, nonce: bigint): void {
  const highest = 2 ** (8 * LANE_BYTES[kind]) - 1
  const key = nonceKey(kind, validator)
  const lanes = nonceKey(kind, validator, highest) ^ key
  if (((nonce >> 64n) & ~lanes) === key) return
  throw new SessionRefused(
    'WrongNonce',
    `nonce ${numberToHex(nonce)} does not select ${validator}`,
    'leave the nonce out, or ask another node for it',
  )
}

function nonceParts(kind: AccountKind, validator: Address, lane: Hex): Hex[] {
  switch (kind) {
    case 'openzeppelin':
    case 'msa':
    case 'safe7579':
      return [validator, lane]
    case 'nexus':
      return [lane, '0x00', validator]
    case 'kernel':
      return ['0x00', '0x01', validator, lane]
  }
}
