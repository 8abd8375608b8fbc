import type { Address, Hex } from 'viem'
import { directAbi } from '../abi/direct.js'
import { SessionRefused } from '../errors/sessionRefused.js'
import { coverExecutions } from '../operation/coverExecutions.js'
import { encodeExecutions } from '../operation/encodeExecutions.js'
import type { Execution } from '../operation/execution.js'
import { packDirect } from '../operation/packDirect.js'
import { checkChainListed } from '../session/checkChainListed.js'
import { discloseUsed } from '../session/disclosure.js'
import { type Session, DELEGATE_KIND } from '../session/session.js'
import { type ModuleCall, moduleCall } from './moduleCall.js'

/** What is called directly, without a bundler. */
export type DirectTerms = {
  session: Session
  /** The chain that it is called on. */
  chainId: bigint
  executions: readonly Execution[]
  /** The owner's signature of the session; with it, the call enables the session. */
  ownerSignature?: Hex
}

/** Returns the call by which a delegate acts through the module as an executor of the account: no
 * bundler, no user operation, the delegate pays for gas.
 *
 * The delegate's own address must make it. Periodic budgets are used at the block's time; fees and
 * paymaster of the session do not apply. The module must be installed as an executor (type 2).
 *
 * @throws {@link SessionRefused} if the delegate is no secp256k1 key, the session does not hold on
 * the chain, or does not permit an execution. */
export function executeCall(
  module: Address,
  { session, chainId, executions, ownerSignature }: DirectTerms,
): ModuleCall {
  if (session.delegateKind !== DELEGATE_KIND.secp256k1) {
    throw new SessionRefused(
      'WrongKey',
      `a delegate of kind ${session.delegateKind} has no address to call from`,
      'send a user operation instead',
    )
  }
  checkChainListed(session, chainId)
  const permissions = coverExecutions(session, executions)
  const { mode, executionCalldata } = encodeExecutions(executions)
  const packed = packDirect(
    { session, permissions },
    discloseUsed(chainId, permissions),
    ownerSignature,
  )
  const args = [session.account, packed, mode, executionCalldata] as const
  return moduleCall(module, directAbi, 'execute', args)
}
