import { type Hex, decodeErrorResult, formatEther, parseAbi } from 'viem'
import { smartSessionAbi } from '../abi.js'
import { type ModuleErrorName, SENTENCES } from './sentences.js'

/** The errors by which an EntryPoint passes on that of a validator (ERC-4337). */
const ENTRY_POINT_ERRORS = parseAbi([
  'error FailedOpWithRevert(uint256 opIndex, string reason, bytes inner)',
])

/** Returns the name of a module error, as the ABI declares it; `undefined` if it is none. */
export function errorName(revertData: Hex): ModuleErrorName | undefined {
  return decode(revertData)?.name
}

/** Returns what revert data of the module means, in one sentence; `undefined` if it is none of
 * the module's errors. Data that an EntryPoint has wrapped is unwrapped. */
export function explain(revertData: Hex): string | undefined {
  const error = decode(revertData)
  if (error === undefined) return undefined
  return SENTENCES[error.name].replace(/\{(\w+)(?::(\w+))?\}/g, (_, argument, format) =>
    tell(error.arguments[argument], format),
  )
}

type Decoded = { name: ModuleErrorName; arguments: Record<string, unknown> }

function decode(revertData: Hex): Decoded | undefined {
  const data = unwrap(revertData)
  try {
    const { abiItem, args, errorName } = decodeErrorResult({ abi: smartSessionAbi, data })
    if (!(errorName in SENTENCES)) return undefined
    const inputs = 'inputs' in abiItem ? abiItem.inputs : []
    const named = inputs.map(({ name }, i) => [name, args?.[i]] as const)
    return { name: errorName as ModuleErrorName, arguments: Object.fromEntries(named) }
  } catch {
    return undefined
  }
}

function unwrap(data: Hex): Hex {
  try {
    return decodeErrorResult({ abi: ENTRY_POINT_ERRORS, data }).args[2]
  } catch {
    return data
  }
}

function tell(value: unknown, format: string | undefined): string {
  if (format === 'ether') return formatEther(value as bigint)
  if (format === 'shortened') return `${String(value).slice(0, 10)}…`
  return String(value)
}
