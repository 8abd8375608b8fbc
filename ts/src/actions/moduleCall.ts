import {
  type Address,
  type ContractFunctionArgs,
  type ContractFunctionName,
  type Hex,
  encodeFunctionData,
} from 'viem'
import { functionsAbi } from '../abi/functions.js'

/** A call of the module. Who must make it, each function says. */
export type ModuleCall = { to: Address; data: Hex }

type Abi = typeof functionsAbi

type Name = ContractFunctionName<Abi, 'nonpayable'>

export function moduleCall<const N extends Name>(
  module: Address,
  functionName: N,
  args: ContractFunctionArgs<Abi, 'nonpayable', N>,
): ModuleCall {
  return {
    to: module,
    data: encodeFunctionData({ abi: functionsAbi, functionName, args } as never),
  }
}
