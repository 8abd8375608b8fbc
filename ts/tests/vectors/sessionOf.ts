import type { ArgumentRule, DelegateKind, Session } from 'smart-session'
import type { Address, Hex } from 'viem'

/** Decimal text, which JSON carries without loss. */
export type Decimal = string
type Rules = { index: number; min: Decimal; max: Decimal }[]

/** A session in a file of vectors. */
export type VectorSession = {
  account: Address
  chains: { chainId: Decimal; epoch: Decimal }[]
  delegate: Address
  delegateKind: number
  validAfter: number
  validUntil: number
  maxCalls: number
  feeLimit: Decimal
  paymaster: Address
  permissions: { target: Address; selector: Hex; valueLimit: Decimal; rules: Rules }[]
  budgets: { token: Address; amount: Decimal; period: number }[]
  signing: { domainSeparator: Hex; typeHash: Hex; rules: Rules }[]
  salt: Decimal
}

/** Reads the session of a vector. */
export function sessionOf(session: VectorSession): Session {
  const rules = (items: Rules): ArgumentRule[] =>
    items.map(({ index, min, max }) => ({ index, min: BigInt(min), max: BigInt(max) }))
  return {
    ...session,
    delegateKind: session.delegateKind as DelegateKind,
    chains: session.chains.map(({ chainId, epoch }) => ({
      chainId: BigInt(chainId),
      epoch: BigInt(epoch),
    })),
    feeLimit: BigInt(session.feeLimit),
    permissions: session.permissions.map((permission) => ({
      ...permission,
      valueLimit: BigInt(permission.valueLimit),
      rules: rules(permission.rules),
    })),
    budgets: session.budgets.map((budget) => ({ ...budget, amount: BigInt(budget.amount) })),
    signing: session.signing.map((scope) => ({ ...scope, rules: rules(scope.rules) })),
    salt: BigInt(session.salt),
  }
}
