import {
  type Address,
  type Hex,
  decodeAbiParameters,
  decodeFunctionData,
  encodeAbiParameters,
  encodeFunctionData,
  encodePacked,
  getAddress,
  parseAbi,
  parseAbiParameters,
  size,
  slice,
} from 'viem'
import { SessionRefused } from './refusal.js'
import { CAPS } from './session.js'

/** One call of the account. */
export type Execution = {
  /** The callee. */
  target: Address
  /** The wei that it is sent. */
  value: bigint
  /** Its calldata. */
  callData: Hex
}

const EXECUTE = parseAbi(['function execute(bytes32 mode, bytes executionCalldata)'])
/** `executeUserOp(PackedUserOperation,bytes32)` (ERC-4337): the account runs what follows. */
const EXECUTE_USER_OP = '0x8dd7712f'
const BATCH = parseAbiParameters('(address target, uint256 value, bytes callData)[]')

/** A plain single call that reverts if it fails (ERC-7579). */
const SINGLE_MODE: Hex = `0x${'00'.repeat(32)}`
/** A plain batch that reverts if one fails (ERC-7579). */
const BATCH_MODE: Hex = `0x01${'00'.repeat(31)}`

/** Reads the calls in `userOp.callData`, as the module does: `execute` of ERC-7579, single or
 * batch, behind at most one `executeUserOp` prefix, canonically encoded.
 *
 * @throws {@link SessionRefused} if it is anything else. */
export function decodeExecutions(callData: Hex): Execution[] {
  const call = callData.toLowerCase() as Hex
  const execute = call.startsWith(EXECUTE_USER_OP) ? (`0x${call.slice(10)}` as Hex) : call
  const [mode, packed] = decodeExecute(execute)
  if (mode === SINGLE_MODE) return [decodeSingle(packed)]
  if (mode === BATCH_MODE) return decodeBatch(packed)
  throw new SessionRefused(
    'UnsupportedExecutionMode',
    `execution mode ${mode.slice(0, 10)}… is neither a plain single nor a plain batch call`,
    'call without try, delegatecall, staticcall, mode selector and payload',
  )
}

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

function decodeExecute(callData: Hex): readonly [Hex, Hex] {
  const selector = callData.slice(0, 10)
  if (selector !== '0xe9ae5c53') {
    throw new SessionRefused(
      'UnsupportedCall',
      `the account is asked for ${selector}, a session may only use execute`,
      'use an account that encodes its calls for ERC-7579',
    )
  }
  return canonical(callData, () => {
    const { args } = decodeFunctionData({ abi: EXECUTE, data: callData })
    return { read: args, again: encodeFunctionData({ abi: EXECUTE, args }) }
  })
}

function decodeSingle(packed: Hex): Execution {
  if (size(packed) < 52) return malformed()
  const callData = size(packed) === 52 ? '0x' : slice(packed, 52)
  return {
    target: getAddress(slice(packed, 0, 20)),
    value: BigInt(slice(packed, 20, 52)),
    callData,
  }
}

function decodeBatch(packed: Hex): Execution[] {
  const executions = canonical(packed, () => {
    const [read] = decodeAbiParameters(BATCH, packed)
    return { read: [...read], again: encodeAbiParameters(BATCH, [read]) }
  })
  if (executions.length === 0) return malformed()
  checkCount(executions.length)
  return executions
}

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

/** Decodes, and refuses what another encoder than a canonical one wrote. */
function canonical<T>(encoded: Hex, decode: () => { read: T; again: Hex }): T {
  let decoded: { read: T; again: Hex }
  try {
    decoded = decode()
  } catch (cause) {
    return malformed({ cause })
  }
  return decoded.again === encoded ? decoded.read : malformed()
}

function malformed(options?: ErrorOptions): never {
  throw new SessionRefused(
    'MalformedExecution',
    'the calldata is not in the canonical ABI shape',
    'encode it with the account, and append nothing to it (no dataSuffix)',
    options,
  )
}
