import { DELEGATE_KIND, NATIVE, NO_PAYMASTER, type Session } from 'smart-session'
import { type Address, type Hex, parseEther } from 'viem'

/** An address of 20 equal bytes. */
export const repeat = (byte: string): Address => `0x${byte.repeat(20)}`

export const MODULE = repeat('5e')
export const ALICE = repeat('a1')
export const GAME = repeat('9a')
export const MOVE: Hex = '0x1a2b3c4d'

/** Alice lets a game's key call only the game, with at most 0.01 ETH per move. */
export const game: Session = {
  account: ALICE,
  chains: [{ chainId: 42161n, epoch: 0n }],
  delegate: repeat('de'),
  delegateKind: DELEGATE_KIND.secp256k1,
  validAfter: 1_700_000_000,
  validUntil: 1_700_007_200,
  maxCalls: 100,
  feeLimit: parseEther('0.01'),
  paymaster: NO_PAYMASTER,
  permissions: [{ target: GAME, selector: MOVE, valueLimit: parseEther('0.01'), rules: [] }],
  budgets: [],
  signing: [],
  salt: 7n,
}

/** A session that has something of everything. */
export const rich: Session = {
  ...game,
  chains: [
    { chainId: 42161n, epoch: 2n ** 64n - 1n },
    { chainId: 2n ** 256n - 1n, epoch: 0n },
  ],
  delegateKind: DELEGATE_KIND.webAuthn,
  maxCalls: 2 ** 32 - 1,
  feeLimit: 2n ** 96n - 1n,
  paymaster: repeat('5a'),
  permissions: [
    ...game.permissions,
    {
      target: repeat('70'),
      selector: '0xa9059cbb',
      valueLimit: 0n,
      rules: [
        { index: 0, min: 1n, max: 2n ** 160n - 1n },
        { index: 255, min: 0n, max: 2n ** 256n - 1n },
      ],
    },
    { target: repeat('71'), selector: '0x00000000', valueLimit: 1n, rules: [] },
  ],
  budgets: [
    { token: NATIVE, amount: 2n ** 96n - 1n, period: 0 },
    { token: repeat('70'), amount: 2n ** 128n - 1n, period: 86_400 },
  ],
  signing: [
    {
      domainSeparator: `0x${'d0'.repeat(32)}`,
      typeHash: `0x${'7e'.repeat(32)}`,
      rules: [{ index: 1, min: 5n, max: 5n }],
    },
  ],
  salt: 2n ** 64n - 1n,
}

/** A moment within both. */
export const MOMENT = 1_700_000_100
