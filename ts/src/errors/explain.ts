import { type Hex, decodeErrorResult, formatEther, parseAbi } from 'viem'
import { errorsAbi } from '../abi/errors.js'
import { explainReason } from './entryPointReasons.js'
import { type ModuleErrorName, SENTENCES } from './sentences.js'

/** The errors by which an EntryPoint refuses an operation, the second with that of a validator
 * (ERC-4337). */
const ENTRY_POINT_ERRORS = parseAbi([
  'error FailedOp(uint256 opIndex, string reason)',
  'error FailedOpWithRevert(uint256 opIndex, string reason, bytes inner)',
])

/** Returns the name of a module error, as the ABI declares it; `undefined` if it is none. */
export function errorName(revertData: Hex): ModuleErrorName | undefined {
  return decode(unwrap(revertData).inner)?.name
}

/** Returns what revert data of the module or of an EntryPoint means, in one sentence; `undefined`
 * if it is of neither. A module error that an EntryPoint has wrapped is unwrapped. */
export function explain(revertData: Hex): string | undefined {
  const { inner, reason } = unwrap(revertData)
  const error = decode(inner)
  if (error === undefined) return explainReason(reason)
  return SENTENCES[error.name].replace(/\{(\w+)(?::(\w+))?\}/g, (_, argument, format) =>
    tell(error.arguments[argument], format),
  )
}

type Decoded = { name: ModuleErrorName; arguments: Record<string, unknown> }

function decode(data: Hex): Decoded | undefined {
  try {
    const { abiItem, args, errorName } = decodeErrorResult({ abi: errorsAbi, data })
    if (!(errorName in SENTENCES)) return undefined
    const inputs = 'inputs' in abiItem ? abiItem.inputs : []
    const named = inputs.map(({ name }, i) => [name, args?.[i]] as const)
    return { name: errorName as ModuleErrorName, arguments: Object.fromEntries(named) }
  } catch {
    return undefined
  }
}

function unwrap(data: Hex): { inner: Hex; reason: string } {
  try {
    const { errorName, args } = decodeErrorResult({ abi: ENTRY_POINT_ERRORS, data })
    // viem knows the errors of Solidity itself as well.
    if (!errorName.startsWith('FailedOp')) return { inner: data, reason: '' }
    const [, reason, inner] = args
    return { inner: inner ?? '0x', reason }
  } catch {
    return { inner: data, reason: '' }
  }
}

function tell(value: unknown, format: string | undefined): string {
  if (format === 'ether') return formatEther(value as bigint)
  if (format === 'shortened') return `${String(value).slice(0, 10)}…`
  return String(value)
}
