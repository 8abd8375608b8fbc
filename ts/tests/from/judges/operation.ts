// What all judges are asked about: user operations, at a time.

import { type Address, type Hex, size, slice } from 'viem'

export type Call = { target: Address; value: bigint; data: Hex }

/** A user operation, as far as a judge of any system looks at it. */
export type Operation = {
  /** The block's time. */
  at: bigint
  calls: readonly Call[]
  preVerificationGas: bigint
  verificationGasLimit: bigint
  callGasLimit: bigint
  maxFeePerGas: bigint
  paymaster?: Address
  paymasterVerificationGasLimit: bigint
  paymasterPostOpGasLimit: bigint
}

/** Says whether an operation passes; what it counts is kept only if it does. */
export type Judge = (operation: Operation) => boolean

/** Returns a judge that keeps counts by name. A check that returns false or throws keeps nothing. */
export function judge(check: (operation: Operation, counts: Counts) => boolean): Judge {
  let kept: { [name: string]: bigint } = {}
  return (operation) => {
    const trial = { ...kept }
    const counts: Counts = (name, amount, limit) => {
      trial[name] = (trial[name] ?? 0n) + amount
      return trial[name]! <= limit
    }
    const passes = check(operation, counts)
    if (passes) kept = trial
    return passes
  }
}

/** Adds to a count, and says whether it is still within the limit. */
export type Counts = (name: string, amount: bigint, limit: bigint) => boolean

/** The word of the arguments that begins at a byte, or nothing past the end. */
export function wordAt(data: Hex, offset: number): bigint | undefined {
  return size(data) < 4 + offset + 32 ? undefined : BigInt(slice(data, 4 + offset, 4 + offset + 32))
}

/** The first four bytes of the calldata, if it has them. */
export const selectorOf = (data: Hex): Hex | undefined =>
  size(data) < 4 ? undefined : slice(data, 0, 4)

export const sameAddress = (a: Address, b: Address) => a.toLowerCase() === b.toLowerCase()
