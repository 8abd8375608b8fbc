import { type Hex, encodeAbiParameters, encodePacked } from 'viem'
import { type Execution, BATCH, BATCH_MODE, SINGLE_MODE, checkCount } from './execution.js'

/** Encodes calls as `execute` of ERC-7579 takes them: one as a plain single call, more as a batch.
 *
 * @throws {@link SessionRefused} if there is none, or there are too many. */
export function encodeExecutions(executions: readonly Execution[]): {
  mode: Hex
  executionCalldata: Hex
} {
  checkCount(executions.length)
  const [first] = executions
  if (first !== undefined && executions.length === 1) {
    const { target, value, callData } = first
    const executionCalldata = encodePacked(
      ['address', 'uint256', 'bytes'],
      [target, value, callData],
    )
    return { mode: SINGLE_MODE, executionCalldata }
  }
  return { mode: BATCH_MODE, executionCalldata: encodeAbiParameters(BATCH, [[...executions]]) }
}
