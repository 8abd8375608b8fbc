import {
  type AbiFunction,
  type AbiParameter,
  type Hex,
  getAddress,
  numberToHex,
  pad,
  parseAbiItem,
  slice,
  toFunctionSelector,
  toFunctionSignature,
} from 'viem'
import { SessionRefused } from '../errors/sessionRefused.js'

/** A function as people write it. */
export type NamedFunction = {
  /** Its canonical form, as in `transfer(address,uint256)`. */
  readonly signature: string
  readonly selector: Hex
  /** Whether its calls can have arguments. */
  readonly hasArguments: boolean
  /** The type of each word that its arguments begin with; `offset` where a value of any length
   * begins. */
  readonly words: readonly string[]
}

/** Reads a function: `transfer(address,uint256)`, with names, spaces and `returns` or without.
 *
 * @throws {@link SessionRefused} if it is none. */
export function readFunction(text: string): NamedFunction {
  try {
    const bare = text.trim().replace(/^function\s+/, '')
    const parsed = parseAbiItem(`function ${bare}` as string) as unknown as AbiFunction
    return {
      signature: toFunctionSignature(parsed),
      selector: toFunctionSelector(parsed),
      hasArguments: parsed.inputs.length > 0,
      words: parsed.inputs.flatMap(wordsOf),
    }
  } catch (cause) {
    const remedy = 'write it with the types of its parameters, as "transfer(address,uint256)"'
    throw new SessionRefused('MalformedFunction', `"${text}" is no function`, remedy, { cause })
  }
}

function wordsOf(parameter: AbiParameter): string[] {
  const [, element, count] = /^(.*)\[(\d*)\]$/.exec(parameter.type) ?? []
  if (element !== undefined) {
    const one = wordsOf({ ...parameter, type: element } as AbiParameter)
    if (count === '' || one.includes('offset')) return ['offset']
    return Array.from({ length: Number(count) }, () => one).flat()
  }
  if ('components' in parameter) {
    const words = parameter.components.flatMap(wordsOf)
    return words.includes('offset') ? ['offset'] : words
  }
  return parameter.type === 'string' || parameter.type === 'bytes' ? ['offset'] : [parameter.type]
}

const MOST = 2n ** 256n - 1n

/** Returns the least and the greatest word that a value of a type has, as unsigned numbers. Negative
 * values are above all others. */
export function rangeOf(type: string): readonly [bigint, bigint] {
  const bits = Number(/\d+$/.exec(type)?.[0] ?? 256)
  if (type === 'bool') return [0n, 1n]
  if (type === 'address') return [0n, 2n ** 160n - 1n]
  if (type.startsWith('uint')) return [0n, 2n ** BigInt(bits) - 1n]
  if (type.startsWith('bytes')) return [0n, MOST ^ (2n ** BigInt(256 - 8 * bits) - 1n)]
  return [0n, MOST]
}

/** Writes a word as the value of its type; `undefined` if no value of the type has it. */
export function writeWord(type: string, word: bigint): string | undefined {
  const [, most] = rangeOf(type)
  const hex = numberToHex(word, { size: 32 })
  if (word > most) return undefined
  if (type === 'bool') return word === 0n ? 'false' : 'true'
  if (type === 'address') return getAddress(slice(hex, 12))
  if (type.startsWith('bytes')) {
    const value = slice(hex, 0, Number(type.slice(5)))
    return pad(value, { dir: 'right', size: 32 }) === hex ? value : undefined
  }
  if (!type.startsWith('int')) return `${word}`
  const signed = BigInt.asIntN(256, word)
  return BigInt.asIntN(Number(type.slice(3)), signed) === signed ? `${signed}` : undefined
}

/** Reads a value of a type as the word that rules compare; `undefined` if it is none. */
export function readWord(type: string, text: string): bigint | undefined {
  const isHex = /^0x[0-9a-f]*$/i.test(text)
  if (type === 'bool') return { true: 1n, '1': 1n, false: 0n, '0': 0n }[text]
  if (type.startsWith('bytes')) {
    const isWhole = isHex && text.length === 2 + 2 * Number(type.slice(5))
    return isWhole ? BigInt(pad(text as Hex, { dir: 'right', size: 32 })) : undefined
  }
  if (type === 'address' && text.length !== 42) return undefined
  if (!/^(-?\d+|0x[0-9a-f]+)$/i.test(text)) return undefined
  const number = text.startsWith('-') ? -BigInt(text.slice(1)) : BigInt(text)
  if (!type.startsWith('int')) {
    return number >= 0n && number <= rangeOf(type)[1] ? number : undefined
  }
  return BigInt.asIntN(Number(type.slice(3)), number) === number
    ? BigInt.asUintN(256, number)
    : undefined
}
