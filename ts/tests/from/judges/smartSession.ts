// What a SmartSession v1 session permits, written from the contracts' documents: the policies of
// `rhinestonewtf` (universal action, spending limits, value limit, usage limit, time frame).

import { type Address, type Hex, size } from 'viem'
import {
  type Call,
  type Counts,
  type Judge,
  judge,
  sameAddress,
  selectorOf,
  wordAt,
} from './operation.js'

export type SmartSessionSpec = {
  owner: Address
  permitPaymaster: boolean
  userOp: readonly PolicySpec[]
  actions: readonly { target: Address; selector: Hex; policies: readonly PolicySpec[] }[]
}

export type RuleSpec = { condition: number; offset: number; reference: bigint; limit?: bigint }

export type PolicySpec =
  | { kind: 'sudo' }
  | { kind: 'universalAction'; valueLimit: bigint; rules: readonly RuleSpec[] }
  | { kind: 'spendingLimits'; limits: readonly { token: Address; limit: bigint }[] }
  | { kind: 'valueLimit'; limit: bigint }
  | { kind: 'usageLimit'; limit: bigint }
  | { kind: 'timeFrame'; validAfter: bigint; validUntil: bigint }

export function smartSessionJudge(spec: SmartSessionSpec): Judge {
  return judge(({ at, calls, paymaster }, counts) => {
    if (paymaster && !spec.permitPaymaster) return false
    const all = calls.reduce((sum, { value }) => sum + value, 0n)
    const asks = spec.userOp.every((policy) => {
      switch (policy.kind) {
        case 'valueLimit':
          return policy.limit > 0n && counts('value', all, policy.limit)
        case 'usageLimit':
          return policy.limit > 0n && counts('uses', 1n, policy.limit)
        case 'timeFrame':
          return isWithin(policy, at)
        case 'sudo':
          return true
        default:
          return false
      }
    })
    return asks && calls.every((call) => allowsCall(spec, call, at, counts))
  })
}

function allowsCall(spec: SmartSessionSpec, call: Call, at: bigint, counts: Counts): boolean {
  if (size(call.data) > 0 && size(call.data) < 4) return false
  const selector = selectorOf(call.data) ?? '0xffffffff'
  const i = spec.actions.findIndex(
    (action) => sameAddress(action.target, call.target) && action.selector === selector,
  )
  const action = spec.actions[i]
  if (!action || action.policies.length === 0) return false
  return action.policies.every((policy) => {
    switch (policy.kind) {
      case 'sudo':
        return true
      case 'universalAction':
        if (policy.rules.length === 0 || call.value > policy.valueLimit) return false
        return policy.rules.every((rule, j) => holds(rule, call.data, counts, `${i}/${j}`))
      case 'spendingLimits':
        return call.value === 0n && spends(policy.limits, call, counts, i)
      case 'valueLimit':
        return policy.limit > 0n && counts(`value ${i}`, call.value, policy.limit)
      case 'usageLimit':
        return policy.limit > 0n && counts(`uses ${i}`, 1n, policy.limit)
      case 'timeFrame':
        return isWithin(policy, at)
    }
  })
}

function isWithin(
  { validAfter, validUntil }: { validAfter: bigint; validUntil: bigint },
  at: bigint,
) {
  if (validAfter === 0n && validUntil === 0n) return false
  return at >= validAfter && (validUntil === 0n || at <= validUntil)
}

function holds(rule: RuleSpec, data: Hex, counts: Counts, name: string): boolean {
  const word = wordAt(data, rule.offset)
  if (word === undefined) return false
  if (rule.limit !== undefined && !counts(`sum ${name}`, word, rule.limit)) return false
  const ref = rule.reference
  const low = ref / 2n ** 128n
  const high = ref % 2n ** 128n
  return [
    word === ref,
    word > ref,
    word < ref,
    word >= ref,
    word <= ref,
    word !== ref,
    word >= low && word <= high,
  ][rule.condition]!
}

function spends(
  limits: readonly { token: Address; limit: bigint }[],
  { target, data }: Call,
  counts: Counts,
  action: number,
): boolean {
  const places: { [selector: string]: number } = {
    '0xa9059cbb': 32,
    '0x095ea7b3': 32,
    '0x23b872dd': 64,
  }
  const place = places[selectorOf(data) ?? '']
  const amount = place === undefined ? undefined : wordAt(data, place)
  if (amount === undefined) return false
  const limit = [...limits].reverse().find(({ token }) => sameAddress(token, target))?.limit ?? 0n
  return counts(`spent ${action} ${target}`, amount, limit)
}
