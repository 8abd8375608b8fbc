// Operations that are likely to be just within a session's bounds, or just outside.

import { type Address, type Hex, concat, numberToHex, pad } from 'viem'
import type { Permission, Session } from 'smart-session'
import type { Call, Operation } from './judges/operation.js'
import type { Random } from './random.js'

const WORD_MAX = 2n ** 256n - 1n
const NATIVE = '0xeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee'

/** Returns an operation that a session may permit; `moments` are times worth trying. */
export function operationFor(
  session: Session,
  { below, onceIn, pick }: Random,
  moments: readonly bigint[],
  paymasters: readonly Address[],
): Operation {
  const edge = pick([
    ...moments,
    BigInt(session.validAfter),
    BigInt(session.validUntil),
    ...session.budgets.map(({ period }) => BigInt(session.validAfter + (1 + below(3)) * period)),
  ])
  const calls = Array.from({ length: onceIn(4) ? 2 + below(2) : 1 }, () =>
    callFor(session, { below, onceIn, pick }),
  )
  const maxFeePerGas = BigInt(1 + below(3))
  // A part of the fee limit, so that some sequences reach it.
  const part = session.feeLimit / maxFeePerGas / BigInt(onceIn(20) ? 1 + below(3) : 20 + below(40))
  const isNamed = paymasters.includes(session.paymaster)
  const payer = isNamed && !onceIn(8) ? session.paymaster : onceIn(6) ? pick(paymasters) : undefined
  return {
    at: onceIn(5) ? edge + BigInt(below(3) - 1) : inside(session, below),
    calls,
    preVerificationGas: part / 8n,
    verificationGasLimit: part / 8n,
    callGasLimit: part / 4n,
    maxFeePerGas,
    paymasterVerificationGasLimit: part / 4n,
    paymasterPostOpGasLimit: 0n,
    ...(payer && { paymaster: payer }),
  }
}

function inside({ validAfter, validUntil }: Session, below: Random['below']): bigint {
  return BigInt(validAfter) + BigInt(below(validUntil - validAfter + 1))
}

type Chance = Pick<Random, 'below' | 'onceIn' | 'pick'>

function callFor(session: Session, chance: Chance): Call {
  const { below, onceIn, pick } = chance
  const permission = pick(session.permissions)
  const ofToken = session.budgets.filter(({ token }) => token === permission.target)
  const native = session.budgets.filter(({ token }) => token === NATIVE)
  const near = (limit: bigint) => {
    const share = onceIn(4) ? limit + BigInt(below(3) - 1) : limit / BigInt(2 + below(12))
    return share < 0n ? 0n : share > WORD_MAX ? WORD_MAX : share
  }
  const amounts = native.map(({ amount }) => amount)
  const limit = amounts.length > 0 && !onceIn(5) ? pick(amounts) : permission.valueLimit
  const value = onceIn(3) ? near(limit < permission.valueLimit ? limit : permission.valueLimit) : 0n
  const data = dataFor(
    permission,
    chance,
    ofToken.map(({ amount }) => amount),
    near,
  )
  return { target: permission.target, value, data }
}

function dataFor(
  { selector, rules }: Permission,
  { below, onceIn, pick }: Chance,
  amounts: readonly bigint[],
  near: (limit: bigint) => bigint,
): Hex {
  if (selector === '0x00000000') return onceIn(8) ? pick(['0x00', '0x00000000']) : '0x'
  const called = selector === '0xffffffff' ? pick(['0xa9059cbb', '0x12345678'] as const) : selector
  const words = Array.from({ length: 3 }, () => BigInt(below(4)))
  for (const { index, min, max } of rules) {
    while (words.length <= index) words.push(0n)
    const close = min + BigInt(below(5))
    const within = close > max ? max : close
    const value = onceIn(8) ? pick([min - 1n, max + 1n]) : pick([min, max, within])
    words[index] = value < 0n ? 0n : value > WORD_MAX ? WORD_MAX : value
  }
  const isToken = amounts.length > 0
  if (isToken && called !== '0x23b872dd') words.length = 2
  if (isToken && !onceIn(6)) words[called === '0x23b872dd' ? 2 : 1] = near(pick(amounts))
  const data = concat([called, ...words.map((word) => pad(numberToHex(word)))])
  return onceIn(12) ? (data.slice(0, -2) as Hex) : data
}
