import { maxUint256 } from 'viem'
import { type NamedFunction, rangeOf, readWord, writeWord } from './functionWords.js'
import {
  type Fields,
  type Json,
  list,
  number,
  numberJson,
  object,
  refuse,
  without,
} from './jsonFields.js'
import type { ArgumentRule } from './session.js'

/** Writes rules as values of their arguments' types, where the function is named; as numbers
 * otherwise. */
export function rulesJson(rules: readonly ArgumentRule[], named?: NamedFunction): Json | undefined {
  if (rules.length === 0) return undefined
  return rules.map((rule) => typed(rule, named?.words[rule.index]) ?? untyped(rule))
}

function typed({ index, min, max }: ArgumentRule, type: string | undefined): Json | undefined {
  const [least, greatest] = [min, max].map((word) => type && writeWord(type, word))
  if (least === undefined || greatest === undefined) return undefined
  return min === max
    ? { argument: index, equals: least }
    : { argument: index, min: least, max: greatest }
}

function untyped({ index, min, max }: ArgumentRule): Json {
  if (min === max) return { argument: index, equals: numberJson(min) }
  // A rule that only wants the word to be there has a min of 0.
  return without({
    argument: index,
    min: min === 0n && max !== maxUint256 ? undefined : numberJson(min),
    max: max === maxUint256 ? undefined : numberJson(max),
  })
}

/** Reads rules: what is left out is as far as the argument's type goes.
 *
 * @throws {@link SessionRefused} if a bound is no value of the type, or nothing is bounded. */
export function readRules(
  place: string,
  json: Json | undefined,
  named?: NamedFunction,
): ArgumentRule[] {
  return list(`${place}.rules`, json ?? []).map((item, i) => {
    const field = `${place}.rules[${i}]`
    const rule = object(field, item, ['argument', 'equals', 'min', 'max'])
    const { argument: index, equals, min, max } = rule
    if (typeof index !== 'number') return refuse(`${field}.argument`, index, 'a number')
    const type = named?.words[index]
    const value = (name: string, bound: Json) => readBound(`${field}.${name}`, bound, type)
    if ((equals === undefined) === (min === undefined && max === undefined)) {
      return refuse(field, rule, 'equals, or min and max')
    }
    if (equals !== undefined) {
      const word = value('equals', equals)
      return { index, min: word, max: word }
    }
    checkSigns(field, rule, type)
    const [least, greatest] = rangeOf(type ?? 'uint256')
    const read = {
      index,
      min: min === undefined ? least : value('min', min),
      max: max === undefined ? greatestOf(type, greatest) : value('max', max),
    }
    const isTyped = type !== undefined && type !== 'offset'
    if (isTyped && read.min === least && read.max === greatest) {
      return refuse(field, rule, 'a bound that leaves values out, or no rule')
    }
    return read
  })
}

/** The greatest value of a type: of a signed one, the greatest that is not negative. */
function greatestOf(type: string | undefined, greatest: bigint): bigint {
  return type?.startsWith('int') ? 2n ** BigInt(Number(type.slice(3)) - 1) - 1n : greatest
}

/** Words are compared unsigned: negative values are above all others, so that both ends of a rule
 * for a signed argument must be of one sign. */
function checkSigns(field: string, rule: Fields, type: string | undefined): void {
  if (!type?.startsWith('int')) return
  const isNegative = (bound: Json | undefined) => /^"?-/.test(JSON.stringify(bound))
  const { min, max } = rule
  const isMixed = max === undefined ? isNegative(min) : isNegative(min) !== isNegative(max)
  if (min === undefined || isMixed) {
    refuse(field, rule, 'both ends, of one sign: words of signed numbers are compared unsigned')
  }
}

function readBound(field: string, json: Json, type: string | undefined): bigint {
  // Readers of JSON round what is past 2^53: such a number is a bound of no type.
  const isRounded = typeof json === 'number' && !Number.isSafeInteger(json)
  if (type === undefined || isRounded) return number(field, json)
  const text = typeof json === 'string' ? json : JSON.stringify(json)
  return readWord(type, text) ?? refuse(field, json, `a value of type ${type}`)
}
