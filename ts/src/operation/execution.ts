import { type Address, type Hex, parseAbi, parseAbiParameters } from 'viem'
import { SessionRefused } from '../errors/sessionRefused.js'
import { CAPS } from '../session/session.js'

/** One call of the account. */
export type Execution = {
  /** The callee. */
  target: Address
  /** The wei that it is sent. */
  value: bigint
  /** Its calldata. */
  callData: Hex
}

/** How an account is asked to call (ERC-7579). */
export const EXECUTE = parseAbi(['function execute(bytes32 mode, bytes executionCalldata)'])

/** What a batch is (ERC-7579). */
export const BATCH = parseAbiParameters('(address target, uint256 value, bytes callData)[]')

/** A plain single call that reverts if it fails (ERC-7579). */
export const SINGLE_MODE: Hex = `0x${'00'.repeat(32)}`

/** A plain batch that reverts if one fails (ERC-7579). */
export const BATCH_MODE: Hex = `0x01${'00'.repeat(31)}`

/** Checks a number of executions in one operation.
 *
 * @throws {@link SessionRefused} if there is none, or there are too many. */
export function checkCount(executions: number): void {
  if (executions === 0) {
    throw new SessionRefused('NoExecution', 'nothing is executed', 'give at least one call')
  }
  if (executions > CAPS.executions) {
    throw new SessionRefused(
      'TooManyExecutions',
      `${executions} executions at once, at most ${CAPS.executions} are allowed`,
      'spread them over several operations',
    )
  }
}
