import {
  type Abi,
  type Address,
  type ContractFunctionArgs,
  type ContractFunctionName,
  type Hex,
  encodeFunctionData,
} from 'viem'

/** A call of the module. Who must make it, each function says. */
export type ModuleCall = { to: Address; data: Hex }

/** Encodes a call of the module, by the piece of its ABI that has the function. */
export function moduleCall<
  const A extends Abi,
  const N extends ContractFunctionName<A, 'nonpayable'>,
>(
  module: Address,
  abi: A,
  functionName: N,
  args: ContractFunctionArgs<A, 'nonpayable', N>,
): ModuleCall {
  return { to: module, data: encodeFunctionData({ abi, functionName, args } as never) }
}
