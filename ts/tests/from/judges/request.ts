// What an ERC-7715 request asks for, written from the ERC and from MetaMask's types of permission.

import { type Address, size } from 'viem'
import { transferred, withinPeriod } from './delegation.js'
import { type Judge, judge, wordAt } from './operation.js'

export type RequestSpec = {
  to: Address
  /** An ERC-20, or nothing for native value. */
  token?: Address
  amount: bigint
  /** Seconds; left out for an allowance. */
  period?: bigint
  start: bigint
  expiry?: bigint
  payees?: readonly Address[]
}

export function requestJudge(spec: RequestSpec): Judge {
  return judge(({ at, calls }, counts) =>
    calls.every((call) => {
      if (at < spec.start || (spec.expiry !== undefined && at >= spec.expiry)) return false
      const isNative = spec.token === undefined
      if (isNative ? size(call.data) > 0 : call.value > 0n) return false
      const amount = isNative ? call.value : transferred(call, spec.token!)
      if (amount === undefined) return false
      const payee = isNative ? BigInt(call.target) : wordAt(call.data, 0)!
      if (spec.payees && !spec.payees.some((each) => BigInt(each) === payee)) return false
      if (spec.period === undefined) return counts('all', amount, spec.amount)
      return withinPeriod(
        { amount: spec.amount, period: spec.period, start: spec.start },
        at,
        amount,
        counts,
        0,
      )
    }),
  )
}
