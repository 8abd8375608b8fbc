// What a session of this project permits, written from docs/session-format.md and the design, without
// the package: the tests compare its answers with those of the source systems' judges.

import { size } from 'viem'
import type { Permission, Session } from 'smart-session'
import { type Call, type Judge, judge, sameAddress, selectorOf, wordAt } from './operation.js'

const UNCOUNTED_CALLS = 4_294_967_295
const UNCOUNTED_FEES = 79_228_162_514_264_337_593_543_950_335n
const ZERO = '0x0000000000000000000000000000000000000000'
const ANY = '0xffffffffffffffffffffffffffffffffffffffff'
const NATIVE = '0xeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee'
/** Selector, length of the calldata, word of the amount. */
const COUNTED: readonly [string, number, number][] = [
  ['0xa9059cbb', 68, 1],
  ['0x23b872dd', 100, 2],
  ['0x095ea7b3', 68, 1],
  ['0x39509351', 68, 1],
]

export function sessionJudge(session: Session): Judge {
  return judge((operation, counts) => {
    const { at, calls } = operation
    if (at < session.validAfter || at > session.validUntil) return false
    const gas =
      operation.preVerificationGas +
      operation.verificationGasLimit +
      operation.callGasLimit +
      operation.paymasterVerificationGasLimit +
      operation.paymasterPostOpGasLimit
    const limit = session.feeLimit
    const fits = counts('fees', gas * operation.maxFeePerGas, limit)
    if (limit !== UNCOUNTED_FEES && !fits) return false
    if (!paysRight(session, operation.paymaster)) return false
    const counted = counts('calls', BigInt(calls.length), BigInt(session.maxCalls))
    if (session.maxCalls !== UNCOUNTED_CALLS && !counted) return false
    return calls.every(
      (call) =>
        session.permissions.some((permission) => covers(permission, call)) &&
        session.budgets.every((budget) => {
          const amount = amountOf(budget.token, call)
          if (amount === undefined) return false
          if (amount === 0n) return true
          return counts(
            `${budget.token}${budget.period}${periodOf(session, budget.period, at)}`,
            amount,
            budget.amount,
          )
        }),
    )
  })
}

function paysRight({ paymaster }: Session, payer: string | undefined): boolean {
  if (paymaster === ANY) return true
  return sameAddress(paymaster, (payer ?? ZERO) as never)
}

function covers({ target, selector, valueLimit, rules }: Permission, call: Call): boolean {
  if (!sameAddress(target, call.target) || call.value > valueLimit) return false
  const called = selectorOf(call.data)
  if (selector === '0xffffffff') return true
  if (selector === '0x00000000') return size(call.data) === 0
  if (called !== selector.toLowerCase() || called === '0xffffffff') return false
  return rules.every(({ index, min, max }) => {
    const word = wordAt(call.data, 32 * index)
    return word !== undefined && min <= word && word <= max
  })
}

/** What a call moves of a token; nothing said for a call that cannot be counted. */
function amountOf(token: string, { target, value, data }: Call): bigint | undefined {
  if (token.toLowerCase() === NATIVE) return value
  if (!sameAddress(token as never, target)) return 0n
  const [, length, word] = COUNTED.find(([selector]) => selector === selectorOf(data)) ?? []
  if (length === undefined || size(data) !== length) return undefined
  const amount = wordAt(data, 32 * word!)!
  return amount >> 128n === 0n ? amount : undefined
}

function periodOf({ validAfter, validUntil }: Session, period: number, at: bigint): bigint {
  if (period === 0) return 0n
  const own = (at - BigInt(validAfter)) / BigInt(period)
  const last = BigInt(validUntil - validAfter - 1) / BigInt(period)
  return own < last ? own : last
}
