// What a permission of Kernel permits, written from the documents of its policies (call policy 0.0.4
// and 0.0.5, gas, rate limit, timestamp) and of the flags.

import type { Address, Hex } from 'viem'
import { type Call, type Judge, judge, sameAddress, selectorOf, wordAt } from './operation.js'

export type KernelSpec = { owner: Address; policies: readonly KernelPolicySpec[] }

export type KernelPolicySpec = {
  /** 0 for all, 1 not for operations, 2 not for signatures. */
  flag: 0 | 1 | 2
} & (
  | { kind: 'sudo' }
  | { kind: 'call'; permissions: readonly KernelCallSpec[] }
  | { kind: 'gas'; allowed: bigint; enforcePaymaster: boolean; allowedPaymaster: Address }
  | { kind: 'rateLimit'; interval: bigint; count: bigint; startAt: bigint }
  | { kind: 'timestamp'; validAfter: bigint; validUntil: bigint }
  | { kind: 'signatureCaller'; callers: readonly Address[] }
)

export type KernelCallSpec = {
  callType: Hex
  target: Address
  selector: Hex
  valueLimit: bigint
  rules: readonly { condition: number; offset: number; params: readonly bigint[] }[]
}

const ZERO = '0x0000000000000000000000000000000000000000'

export function kernelJudge(spec: KernelSpec): Judge {
  let operations = 0n
  const asked = spec.policies.filter(({ flag }) => flag !== 1)
  const inner = judge((operation, counts) =>
    asked.every((policy) => {
      switch (policy.kind) {
        case 'sudo':
        case 'signatureCaller':
          return true
        case 'call':
          return operation.calls.every((call) => allowsCall(policy.permissions, call))
        case 'gas': {
          const { preVerificationGas, verificationGasLimit, callGasLimit } = operation
          const gas = preVerificationGas + verificationGasLimit + callGasLimit
          if (policy.enforcePaymaster) {
            if (!operation.paymaster) return false
            const isNamed = policy.allowedPaymaster !== ZERO
            if (isNamed && !sameAddress(policy.allowedPaymaster, operation.paymaster)) return false
          }
          return counts('gas', gas * operation.maxFeePerGas, policy.allowed)
        }
        case 'rateLimit':
          if (operations >= policy.count) return false
          return operation.at >= policy.startAt + operations * policy.interval
        case 'timestamp':
          if (operation.at < policy.validAfter) return false
          return policy.validUntil === 0n || operation.at <= policy.validUntil
      }
    }),
  )
  return (operation) => {
    const passes = inner(operation)
    if (passes) operations += 1n
    return passes
  }
}

function allowsCall(permissions: readonly KernelCallSpec[], call: Call): boolean {
  const selector = selectorOf(call.data) ?? (call.data === '0x' ? '0x00000000' : undefined)
  const find = (target: Address) =>
    permissions.find(
      (each) =>
        each.callType === '0x00' && sameAddress(each.target, target) && each.selector === selector,
    )
  const permission = find(call.target) ?? find(ZERO)
  if (!permission || call.value > permission.valueLimit) return false
  return permission.rules.every(({ condition, offset, params }) => {
    const word = wordAt(call.data, offset)
    if (word === undefined) return false
    const [ref] = params
    if (condition === 6) return params.includes(word)
    if (ref === undefined) return false
    return [word === ref, word > ref, word < ref, word >= ref, word <= ref, word !== ref][
      condition
    ]!
  })
}
