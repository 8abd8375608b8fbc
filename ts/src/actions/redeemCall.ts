import type { Address, Hex } from 'viem'
import { redeemingAbi } from '../abi/redeeming.js'
import { SessionRefused } from '../errors/sessionRefused.js'
import { coverExecutions } from '../operation/coverExecutions.js'
import { readDelegationContext } from '../operation/delegationContext.js'
import { encodeExecutions } from '../operation/encodeExecutions.js'
import { type SessionCall, executionsOf } from '../operation/sessionCall.js'
import { checkHasAddress } from '../session/checkHasAddress.js'
import { type ModuleCall, moduleCall } from './moduleCall.js'

/** What is redeemed: calls within what one permission context grants. */
export type Redemption = {
  /** Of {@link delegationContext}, as a wallet has granted it. */
  context: Hex
  calls: readonly SessionCall[]
}

/** Returns the call by which a delegate redeems permission contexts (ERC-7710): all run, or none.
 * The module finds the permissions itself.
 *
 * The delegate's own address must make it, to the `delegationManager` that was granted, which is
 * the module. It answers nothing.
 *
 * @throws {@link SessionRefused} if there is none, a delegate is no secp256k1 key, or a context
 * that shows its whole session does not permit a call. */
export function redeemCall(module: Address, redemptions: readonly Redemption[]): ModuleCall {
  if (redemptions.length === 0) {
    throw new SessionRefused('NoContext', 'nothing is redeemed', 'give at least one context')
  }
  const encoded = redemptions.map(({ context, calls }) => {
    const executions = executionsOf(calls)
    const session = shownBy(context)
    if (session !== undefined) {
      checkHasAddress(session)
      coverExecutions(session, executions)
    }
    return encodeExecutions(executions)
  })
  return moduleCall(module, redeemingAbi, 'redeemDelegations', [
    redemptions.map(({ context }) => context),
    encoded.map(({ mode }) => mode),
    encoded.map(({ executionCalldata }) => executionCalldata),
  ])
}

/** The session of a context; `undefined` where it hides something, which the chain alone can judge.
 */
function shownBy(context: Hex) {
  try {
    return readDelegationContext(context).session
  } catch (error) {
    if (error instanceof SessionRefused && error.code === 'HiddenPart') return undefined
    throw error
  }
}
