import {
  type Hex,
  decodeAbiParameters,
  decodeFunctionData,
  encodeAbiParameters,
  encodeFunctionData,
  getAddress,
  size,
  slice,
} from 'viem'
import { EXECUTE_USER_OP } from '../accounts/kernelHook.js'
import { SessionRefused } from '../errors/sessionRefused.js'
import { type Execution, BATCH, BATCH_MODE, EXECUTE, SINGLE_MODE, checkCount } from './execution.js'

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
