import { type Hex, getAddress, isAddressEqual, numberToHex } from 'viem'
import { representable } from './checkRepresentable.js'
import { type NamedFunction, rangeOf, readFunction, writeWord } from './functionWords.js'
import type { Grant, Names } from './grant.js'
import {
  ANY_CALL,
  ANY_PAYMASTER,
  type ArgumentRule,
  type Budget,
  NATIVE,
  NO_PAYMASTER,
  PLAIN_TRANSFER,
  type Permission,
  type Session,
  UNCOUNTED_CALLS,
  UNCOUNTED_FEES,
} from './session.js'
import { sessionId } from './sessionId.js'
import { formatAmount, formatDuration, formatEth, formatTime } from './units.js'

/** One line of a description. */
export type DescriptionLine = {
  /** What is told, one or two words. */
  readonly label: string
  /** What it is. Names of functions come from outside: escape them as a page demands. */
  readonly value: string
}

const KEYS = ['secp256k1 key', 'P-256 key', 'passkey'] as const

/** Tells all that a session grants, one line for each thing: what an owner should see before
 * signing. The words are those of the command line's `session show`.
 *
 * @param names what the session does not keep: a function whose selector is another one's is not
 * named.
 * @throws {@link SessionRefused} if a field does not fit its type. */
export function describeSession(grant: Grant, names: Names = {}): DescriptionLine[] {
  const session = representable(grant.session)
  const validator = grant.ownerValidator
  const lines: [label: string, value: string][] = [
    ['session', sessionId(session)],
    ['module', getAddress(grant.module)],
    ['account', `${getAddress(session.account)} (${grant.accountKind ?? 'of unknown kind'})`],
    ['validator', validator === undefined ? 'not named' : getAddress(validator)],
    ...session.chains.map(({ chainId, epoch }): [string, string] => [
      'chain',
      `${chainId} in epoch ${epoch}`,
    ]),
    ['delegate', `${getAddress(session.delegate)} (${KEYS[session.delegateKind]})`],
    ['from', timeWords(session.validAfter)],
    ['expiry', timeWords(session.validUntil)],
    ['signed', grant.ownerSignature === undefined ? 'no' : 'yes'],
    ['calls', atMost(session.maxCalls, UNCOUNTED_CALLS, String)],
    ['fees', atMost(session.feeLimit, UNCOUNTED_FEES, formatEth)],
    ['paymaster', paymasterWords(session)],
    ...(session.permissions.length === 0 ? [['may call', 'nothing'] as [string, string]] : []),
    ...session.permissions.map((permission, i): [string, string] => {
      const named = namedFunction(permission, names.functions?.[i])
      return ['may call', permissionWords(permission, named)]
    }),
    ...session.budgets.map((budget, i): [string, string] => {
      return ['budget', budgetWords(session, budget, names.decimals?.[i])]
    }),
    ...session.signing.map(({ domainSeparator, typeHash, rules }): [string, string] => {
      const words = rules.map((rule) => ruleWords('word', rule)).join(', ') || 'any words'
      return ['may sign', `messages of type ${typeHash} in domain ${domainSeparator}; ${words}`]
    }),
    ['salt', `${session.salt}`],
  ]
  return lines.map(([label, value]) => ({ label, value }))
}

function timeWords(seconds: number): string {
  const text = formatTime(seconds)
  return text === undefined ? `${seconds}` : `${text} (${seconds})`
}

function atMost<T>(most: T, uncounted: T, write: (value: T) => string): string {
  return most === uncounted ? 'uncounted' : `at most ${write(most)}`
}

function paymasterWords({ paymaster }: Session): string {
  if (isAddressEqual(paymaster, NO_PAYMASTER)) return 'none: the account pays'
  if (isAddressEqual(paymaster, ANY_PAYMASTER)) return 'any, or none'
  return `${getAddress(paymaster)}, always`
}

function namedFunction(
  { selector }: Permission,
  text: string | undefined,
): NamedFunction | undefined {
  if (text === undefined) return undefined
  const named = readFunction(text)
  return named.selector === selector.toLowerCase() ? named : undefined
}

function permissionWords(permission: Permission, named: NamedFunction | undefined): string {
  const { selector, valueLimit, rules } = permission
  const target = getAddress(permission.target)
  const called = selector.toLowerCase()
  const value = valueLimit === 0n ? 'no ether' : `up to ${formatEth(valueLimit)} a call`
  if (called === PLAIN_TRANSFER) return `no function of ${target}, a plain transfer; ${value}`
  const what =
    called === ANY_CALL
      ? `anything of ${target}`
      : named === undefined
        ? `function ${called} of ${target}`
        : `${named.signature} (${called}) of ${target}`
  const words = rules.map((rule) => ruleWords('argument', rule, named?.words[rule.index]))
  if (words.length > 0) return `${what}; ${value}; ${words.join(', ')}`
  return named?.hasArguments === false ? `${what}; ${value}` : `${what}; ${value}; any arguments`
}

const MOST = 2n ** 256n - 1n

function ruleWords(what: string, { index, min, max }: ArgumentRule, type?: string): string {
  const named = type === undefined ? '' : ` (${type})`
  const value = (word: bigint) =>
    (type === undefined ? undefined : writeWord(type, word)) ?? numberWords(word)
  const [least, greatest] = type === undefined ? [0n, MOST] : rangeOf(type)
  const bounds = () => {
    if (min === max) return `is ${value(min)}`
    if (min <= least && max >= greatest) return 'is anything'
    if (min <= least) return `is at most ${value(max)}`
    if (max >= greatest) return `is at least ${value(min)}`
    return `is ${value(min)} to ${value(max)}`
  }
  return `${what} ${index}${named} ${bounds()}`
}

/** Small numbers in decimal, others as addresses or words are written. */
function numberWords(value: bigint): string {
  if (value < 2n ** 64n) return `${value}`
  return numberToHex(value, { size: value < 2n ** 160n ? 20 : 32 })
}

/** What a budget bounds, and what its periods come to. */
function budgetWords(session: Session, budget: Budget, decimals: number | undefined): string {
  const { token, amount, period } = budget
  const once = amountWords(token, amount, decimals)
  if (period === 0) return `at most ${once} in all`
  const periods = Math.max(1, Math.ceil((session.validUntil - session.validAfter) / period))
  const total = amountWords(token, amount * BigInt(periods), decimals)
  return `at most ${once} in each ${formatDuration(period)}: ${periods} times, ${total} in all`
}

function amountWords(token: Hex, amount: bigint, decimals: number | undefined): string {
  if (isAddressEqual(token, NATIVE)) return formatEth(amount)
  const of = getAddress(token)
  if (decimals === undefined) return `${amount} of the smallest unit of token ${of}`
  return `${formatAmount(amount, decimals)} of token ${of} (${amount} of its smallest unit)`
}
