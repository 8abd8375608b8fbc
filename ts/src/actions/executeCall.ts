import type { Address } from 'viem'
import { directAbi } from '../abi/direct.js'
import { type DirectTerms, draftDirectCall } from '../operation/draftDirect.js'
import { checkHasAddress } from '../session/checkHasAddress.js'
import { type ModuleCall, moduleCall } from './moduleCall.js'

/** Returns the call by which a delegate acts through the module as an executor of the account: no
 * bundler, no user operation, the delegate pays for gas.
 *
 * The delegate's own address must make it. Periodic budgets are used at the block's time; fees and
 * paymaster of the session do not apply. The module must be installed as an executor (type 2).
 *
 * @throws {@link SessionRefused} if the delegate is no secp256k1 key, the session does not hold on
 * the chain, or does not permit an execution. */
export function executeCall(module: Address, terms: DirectTerms): ModuleCall {
  checkHasAddress(terms.session)
  const { packed, mode, executionCalldata } = draftDirectCall(terms)
  const args = [terms.session.account, packed, mode, executionCalldata] as const
  return moduleCall(module, directAbi, 'execute', args)
}
