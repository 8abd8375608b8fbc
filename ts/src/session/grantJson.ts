import { type Address, type Hex, getAddress, isAddressEqual } from 'viem'
import { ACCOUNT_KINDS, type AccountKind } from '../accountKind.js'
import { representable } from './checkRepresentable.js'
import { type NamedFunction, readFunction } from './functionWords.js'
import type { Grant, Names } from './grant.js'
import {
  type Fields,
  type Json,
  address,
  hex,
  list,
  number,
  numberJson,
  object,
  refuse,
  without,
} from './jsonFields.js'
import { readRules, rulesJson } from './ruleJson.js'
import {
  ANY_CALL,
  ANY_PAYMASTER,
  type Budget,
  NATIVE,
  NO_PAYMASTER,
  PLAIN_TRANSFER,
  type Permission,
  UNCOUNTED_CALLS,
  UNCOUNTED_FEES,
} from './session.js'
import {
  formatAmount,
  formatDuration,
  formatEth,
  formatTime,
  parseAmount,
  parseDuration,
  parseEth,
  parseTime,
} from './units.js'

const KEYS = ['secp256k1', 'p256', 'webauthn'] as const

/** Returns a grant as the JSON of a session file, as the command line writes it.
 *
 * @param names functions and decimals, which the session does not keep.
 * @throws {@link SessionRefused} if a field does not fit its type. */
export function grantToJson(grant: Grant, names: Names = {}): Fields {
  const session = representable(grant.session)
  const { accountKind, ownerValidator, ownerSignature } = grant
  const { delegateKind, paymaster, maxCalls, feeLimit, budgets, signing } = session
  return without({
    module: getAddress(grant.module),
    account: getAddress(session.account),
    accountKind,
    ownerValidator: ownerValidator && getAddress(ownerValidator),
    chains: session.chains.map(({ chainId, epoch }) => ({
      chain: numberJson(chainId),
      // An epoch is a hash: text, whatever its size.
      epoch: `${epoch}`,
    })),
    delegate: getAddress(session.delegate),
    delegateKind: delegateKind === 0 ? undefined : KEYS[delegateKind],
    from: formatTime(session.validAfter) ?? session.validAfter,
    expiry: formatTime(session.validUntil) ?? session.validUntil,
    maxCalls: maxCalls === UNCOUNTED_CALLS ? 'uncounted' : maxCalls,
    feeLimit: feeLimit === UNCOUNTED_FEES ? 'uncounted' : formatEth(feeLimit),
    paymaster: paymasterJson(paymaster),
    permissions: session.permissions.map((one, i) => permissionJson(one, names.functions?.[i])),
    budgets:
      budgets.length === 0
        ? undefined
        : budgets.map((one, i) => budgetJson(one, names.decimals?.[i])),
    signing:
      signing.length === 0
        ? undefined
        : signing.map(({ domainSeparator, typeHash, rules }) =>
            without({ domainSeparator, typeHash, rules: rulesJson(rules) }),
          ),
    salt: numberJson(session.salt),
    ownerSignature,
  })
}

/** Reads the JSON of a session file.
 *
 * @returns the grant, and the names and units that the session does not keep.
 * @throws {@link SessionRefused} for the first field that cannot be read, by its name. */
export function grantFromJson(json: unknown): { grant: Grant; names: Names } {
  const file = object('the session file', json as Json, FIELDS)
  const calls = list('permissions', file['permissions']).map((item, i) => readPermission(item, i))
  const budgets = list('budgets', file['budgets'] ?? []).map((item, i) => readBudget(item, i))
  const [accountKind, ownerValidator] = [file['accountKind'], file['ownerValidator']]
  const ownerSignature = file['ownerSignature']
  const session = representable({
    account: address('account', file['account']),
    chains: list('chains', file['chains']).map((item, i) => {
      const field = `chains[${i}]`
      const { chain, epoch } = object(field, item, ['chain', 'epoch'])
      return { chainId: number(`${field}.chain`, chain), epoch: number(`${field}.epoch`, epoch) }
    }),
    delegate: address('delegate', file['delegate']),
    delegateKind: oneOf('delegateKind', file['delegateKind'] ?? 'secp256k1', KEYS) as 0 | 1 | 2,
    validAfter: time('from', file['from']),
    validUntil: time('expiry', file['expiry']),
    maxCalls: count(file['maxCalls']),
    feeLimit: fees(file['feeLimit']),
    paymaster: readPaymaster(file['paymaster'] ?? 'none'),
    permissions: calls.map(({ permission }) => permission),
    budgets: budgets.map(({ budget }) => budget),
    signing: list('signing', file['signing'] ?? []).map((item, i) => {
      const field = `signing[${i}]`
      const scope = object(field, item, ['domainSeparator', 'typeHash', 'rules'])
      return {
        domainSeparator: hex(`${field}.domainSeparator`, scope['domainSeparator']),
        typeHash: hex(`${field}.typeHash`, scope['typeHash']),
        rules: readRules(field, scope['rules']),
      }
    }),
    salt: number('salt', file['salt'] ?? 0),
  })
  const kind =
    accountKind === undefined ? undefined : oneOf('accountKind', accountKind, ACCOUNT_KINDS)
  const grant: Grant = {
    module: address('module', file['module']),
    session,
    ...(kind === undefined ? {} : { accountKind: ACCOUNT_KINDS[kind] as AccountKind }),
    ...(ownerValidator === undefined
      ? {}
      : { ownerValidator: address('ownerValidator', ownerValidator) }),
    ...(ownerSignature === undefined
      ? {}
      : { ownerSignature: hex('ownerSignature', ownerSignature) }),
  }
  const functions = calls.map(({ named }) => named?.signature)
  return { grant, names: { functions, decimals: budgets.map(({ decimals }) => decimals) } }
}

const FIELDS = [
  ...['module', 'account', 'accountKind', 'ownerValidator', 'chains', 'delegate', 'delegateKind'],
  ...['from', 'expiry', 'maxCalls', 'feeLimit', 'paymaster', 'permissions', 'budgets', 'signing'],
  ...['salt', 'ownerSignature'],
]

// Writing.

function paymasterJson(paymaster: Address): Json {
  if (isAddressEqual(paymaster, NO_PAYMASTER)) return 'none'
  return isAddressEqual(paymaster, ANY_PAYMASTER) ? 'any' : getAddress(paymaster)
}

function permissionJson(permission: Permission, text: string | undefined): Fields {
  const { target, selector, valueLimit, rules } = permission
  const called = selector.toLowerCase()
  const read = text === undefined ? undefined : readFunction(text)
  const named = read?.selector === called ? read : undefined
  const call = called === PLAIN_TRANSFER ? 'plain transfer' : called === ANY_CALL ? 'any' : called
  return without({
    target: getAddress(target),
    call: named?.signature ?? call,
    value: valueLimit === 0n ? undefined : formatEth(valueLimit),
    rules: rulesJson(rules, named),
  })
}

function budgetJson({ token, amount, period }: Budget, decimals: number | undefined): Fields {
  const per = period > 0 ? formatDuration(period) : undefined
  if (isAddressEqual(token, NATIVE))
    return without({ token: 'native', amount: formatEth(amount), per })
  return without({
    token: getAddress(token),
    amount: formatAmount(amount, decimals ?? 0),
    decimals,
    per,
  })
}

// Reading.

/** Returns a text, or one that is no amount and no duration. */
const textOf = (json: Json | undefined): string => (typeof json === 'string' ? json : '')

function time(field: string, json: Json | undefined): number {
  const seconds = typeof json === 'string' ? parseTime(json) : json
  if (typeof seconds === 'number' && Number.isSafeInteger(seconds)) return seconds
  return refuse(field, json, 'a time, as "2026-01-01T00:00:00Z" or unix seconds')
}

function count(json: Json | undefined): number {
  if (json === 'uncounted') return UNCOUNTED_CALLS
  const isCount = typeof json === 'number' && Number.isInteger(json) && json >= 0
  return isCount && json < UNCOUNTED_CALLS
    ? json
    : refuse('maxCalls', json, 'a number of calls below 2^32 − 1, or "uncounted"')
}

function fees(json: Json | undefined): bigint {
  if (json === 'uncounted') return UNCOUNTED_FEES
  const wei = parseEth(textOf(json))
  return wei !== undefined && wei < UNCOUNTED_FEES
    ? wei
    : refuse('feeLimit', json, 'an amount as "0.01 ETH", or "uncounted"')
}

function oneOf(field: string, json: Json, names: readonly string[]): number {
  const at = names.indexOf(json as string)
  return at < 0 ? refuse(field, json, `one of ${names.join(', ')}`) : at
}

function readPaymaster(json: Json): Address {
  if (json === 'none') return NO_PAYMASTER
  return json === 'any' ? ANY_PAYMASTER : address('paymaster', json)
}

function readPermission(
  json: Json,
  i: number,
): { permission: Permission; named: NamedFunction | undefined } {
  const field = `permissions[${i}]`
  const { target, call, value, rules } = object(field, json, ['target', 'call', 'value', 'rules'])
  const wei = value === undefined ? 0n : parseEth(textOf(value))
  if (wei === undefined) return refuse(`${field}.value`, value, 'an amount as "0.01 ETH"')
  const [selector, named] = readCall(`${field}.call`, call)
  const permission = {
    target: address(`${field}.target`, target),
    selector,
    valueLimit: wei,
    rules: readRules(field, rules, named),
  }
  return { permission, named }
}

function readCall(field: string, json: Json | undefined): [Hex, NamedFunction?] {
  if (json === 'plain transfer') return [PLAIN_TRANSFER]
  if (json === 'any') return [ANY_CALL]
  if (typeof json !== 'string') return refuse(field, json, 'a function, a selector or "any"')
  if (json.startsWith('0x')) {
    return /^0x[0-9a-f]{8}$/i.test(json) ? [json as Hex] : refuse(field, json, 'four bytes')
  }
  const named = readFunction(json)
  return [named.selector, named]
}

function readBudget(json: Json, i: number): { budget: Budget; decimals: number | undefined } {
  const field = `budgets[${i}]`
  const read = object(field, json, ['token', 'amount', 'decimals', 'per'])
  const { token, amount, decimals, per } = read
  const period = per === undefined ? 0 : parseDuration(textOf(per))
  if (period === undefined) return refuse(`${field}.per`, per, 'a duration as "1d 12h"')
  const isDecimals = decimals === undefined || (Number.isInteger(decimals) && Number(decimals) < 78)
  if (!isDecimals) return refuse(`${field}.decimals`, decimals, 'the decimals of the token')
  const isNative = token === 'native'
  const places = decimals === undefined ? undefined : Number(decimals)
  const units = isNative ? parseEth(textOf(amount)) : parseAmount(textOf(amount), places ?? 0)
  if (units === undefined) {
    return refuse(
      `${field}.amount`,
      amount,
      'ether as "0.01 ETH", tokens as "12.5" beside decimals',
    )
  }
  const budget = {
    token: isNative ? NATIVE : address(`${field}.token`, token),
    amount: units,
    period,
  }
  return { budget, decimals: isNative ? undefined : places }
}
