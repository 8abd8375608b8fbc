import { directAbi } from '../abi/direct.js'
import { type Order, packOrder } from '../operation/order.js'
import { type ModuleCall, moduleCall } from './moduleCall.js'

/** Returns the call that brings an order to the chain. Anyone may make it, or the one relayer that
 * the order names; who makes it pays for gas.
 *
 * Simulate it first (`eth_call`): somebody else may have brought it already, unless it names a
 * relayer. A failed order spends nothing of the session, and may be brought again until its
 * deadline. Never give more gas because of an error that no simulation of your own has shown: what
 * an account reverts with may imitate the module. */
export function orderCall(order: Order): ModuleCall {
  const { module, account, packed, mode, executionCalldata, signature } = order
  const args = [account, packed, mode, executionCalldata, packOrder(order, signature)] as const
  return moduleCall(module, directAbi, 'executeFor', args)
}
