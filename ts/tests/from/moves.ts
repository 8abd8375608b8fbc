// A game's moves in SmartSession, and what an import adds to it.

import type { ImportTerms, SmartSession } from 'smart-session/from'
import { ALICE, GAME, MODULE } from '../sessions.js'
import { START, someSmartSession } from './generate.js'
import { random } from './random.js'

export const TERMS: ImportTerms = {
  account: ALICE,
  chainId: 42161n,
  epoch: 0n,
  module: MODULE,
  feeLimit: 1_000n,
  salt: 1n,
  validAfter: Number(START),
  validUntil: Number(START) + 1_000,
}

export const SUDO = {
  policy: '0x0000000000FEEc8D74e3143fBaBbca515358d869',
  initData: '0x',
} as const

/** A game's moves, in SmartSession. */
export const SMART_SESSION_MOVES: SmartSession = {
  ...someSmartSession(random(1)).input,
  permitERC4337Paymaster: false,
  userOpPolicies: [],
  actions: [{ actionTarget: GAME, actionTargetSelector: '0x12345678', actionPolicies: [SUDO] }],
}
