// What a MetaMask delegation permits its delegate, written from the documents of the caveat
// enforcers. Each call is a redemption of its own.

import { type Address, type Hex, size, slice } from 'viem'
import {
  type Call,
  type Counts,
  type Judge,
  judge,
  sameAddress,
  selectorOf,
  wordAt,
} from './operation.js'

export type DelegationSpec = { delegate: Address; caveats: readonly CaveatSpec[] }

type Period = { amount: bigint; period: bigint; start: bigint }

export type CaveatSpec =
  | { kind: 'allowedTargets'; targets: readonly Address[] }
  | { kind: 'allowedMethods'; selectors: readonly Hex[] }
  | { kind: 'allowedCalldata'; start: number; value: Hex }
  | { kind: 'exactCalldata'; calldata: Hex }
  | { kind: 'valueLte'; limit: bigint }
  | { kind: 'nativeTokenTransferAmount'; limit: bigint }
  | { kind: 'erc20TransferAmount'; token: Address; limit: bigint }
  | ({ kind: 'nativeTokenPeriodTransfer' } & Period)
  | ({ kind: 'erc20PeriodTransfer'; token: Address } & Period)
  | { kind: 'timestamp'; after: bigint; before: bigint }
  | { kind: 'limitedCalls'; limit: bigint }
  | { kind: 'redeemer'; redeemers: readonly Address[] }

export function delegationJudge({ delegate, caveats }: DelegationSpec): Judge {
  return judge(({ at, calls }, counts) =>
    calls.every((call) =>
      caveats.every((caveat, i) => {
        switch (caveat.kind) {
          case 'allowedTargets':
            return caveat.targets.some((target) => sameAddress(target, call.target))
          case 'allowedMethods': {
            const selector = selectorOf(call.data)
            return selector !== undefined && caveat.selectors.includes(selector)
          }
          case 'allowedCalldata': {
            const end = caveat.start + size(caveat.value)
            return size(call.data) >= end && slice(call.data, caveat.start, end) === caveat.value
          }
          case 'exactCalldata':
            return call.data === caveat.calldata
          case 'valueLte':
            return call.value <= caveat.limit
          case 'nativeTokenTransferAmount':
            return counts(`${i}`, call.value, caveat.limit)
          case 'erc20TransferAmount': {
            const amount = transferred(call, caveat.token)
            return amount !== undefined && counts(`${i}`, amount, caveat.limit)
          }
          case 'nativeTokenPeriodTransfer':
            return withinPeriod(caveat, at, call.value, counts, i)
          case 'erc20PeriodTransfer': {
            const amount = transferred(call, caveat.token)
            return amount !== undefined && withinPeriod(caveat, at, amount, counts, i)
          }
          case 'timestamp':
            if (caveat.after > 0n && at <= caveat.after) return false
            return caveat.before === 0n || at < caveat.before
          case 'limitedCalls':
            return counts(`${i}`, 1n, caveat.limit)
          case 'redeemer':
            return caveat.redeemers.some((redeemer) => sameAddress(redeemer, delegate))
        }
      }),
    ),
  )
}

/** What an ERC-20 `transfer` of a token moves; nothing said for any other call. */
export function transferred(call: Call, token: Address): bigint | undefined {
  if (!sameAddress(call.target, token) || size(call.data) !== 68) return undefined
  return selectorOf(call.data) === '0xa9059cbb' ? wordAt(call.data, 32) : undefined
}

/** Whether an amount fits what its period still has. */
export function withinPeriod(
  { amount: limit, period, start }: Period,
  at: bigint,
  amount: bigint,
  counts: Counts,
  name: number,
): boolean {
  if (start === 0n || limit === 0n || period === 0n || at < start) return false
  return counts(`${name} in ${(at - start) / period}`, amount, limit)
}
