import type { Address } from 'viem'
import { type Session, NATIVE, PLAIN_TRANSFER, UNCOUNTED_CALLS } from '../session/session.js'
import { TRANSFER } from '../session/token.js'
import type { SessionFrame } from './sessionFrame.js'

/** Seconds. */
const DAY = 86_400

export type SecondDevice = {
  /** Native value: the most in a day, and to whom. No session sends it to just anybody. */
  native?: { daily: bigint; receivers: readonly Address[] }
  /** ERC-20s that may be transferred to anybody, with the most in a day. */
  tokens?: readonly { token: Address; daily: bigint }[]
}

/** Returns a session for a second device of the owner, best a passkey: daily amounts, no approvals. */
export function secondDevice(frame: SessionFrame, { native, tokens = [] }: SecondDevice): Session {
  const receivers = native?.receivers ?? []
  return {
    ...frame,
    maxCalls: UNCOUNTED_CALLS,
    permissions: [
      ...receivers.map((target) => ({
        target,
        selector: PLAIN_TRANSFER,
        valueLimit: native?.daily ?? 0n,
        rules: [],
      })),
      ...tokens.map(({ token }) => ({
        target: token,
        selector: TRANSFER,
        valueLimit: 0n,
        rules: [],
      })),
    ],
    budgets: [
      ...(native ? [{ token: NATIVE, amount: native.daily, period: DAY }] : []),
      ...tokens.map(({ token, daily }) => ({ token, amount: daily, period: DAY })),
    ],
    signing: [],
  }
}
