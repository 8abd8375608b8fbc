import { type Address, type Hex, isAddress, isHex, size } from 'viem'
import { SessionRefused } from '../errors/sessionRefused.js'
import { type ArgumentRule, CAPS, type DelegateKind, type Session } from './session.js'

/** Checks that every field of a session fits its type, and every list its cap.
 *
 * Such a session has an id and a packed form; {@link checkSession} says whether it can work.
 *
 * @throws {@link SessionRefused} for the first field that does not fit. */
export function checkRepresentable(session: Session): void {
  representable(session)
}

/** Returns a session whose numbers are of the types that {@link Session} names, whatever they were
 * written as: `5` and `5n` are one session.
 *
 * @throws {@link SessionRefused} for the first field that does not fit. */
export function representable(session: Session): Session {
  return {
    account: address('account', session.account),
    chains: list('chains', session.chains, CAPS.chains, (chain, field) => ({
      chainId: number(`${field}.chainId`, chain.chainId, 256),
      epoch: number(`${field}.epoch`, chain.epoch, 64),
    })),
    delegate: address('delegate', session.delegate),
    delegateKind: delegateKind(session.delegateKind),
    // The module refuses times of 2^47 and more where it reads them.
    validAfter: Number(number('validAfter', session.validAfter, 47)),
    validUntil: Number(number('validUntil', session.validUntil, 47)),
    maxCalls: Number(number('maxCalls', session.maxCalls, 32)),
    feeLimit: number('feeLimit', session.feeLimit, 96),
    paymaster: address('paymaster', session.paymaster),
    permissions: list('permissions', session.permissions, CAPS.permissions, (item, field) => ({
      target: address(`${field}.target`, item.target),
      selector: bytes(`${field}.selector`, item.selector, 4),
      valueLimit: number(`${field}.valueLimit`, item.valueLimit, 256),
      rules: rules(`${field}.rules`, item.rules),
    })),
    budgets: list('budgets', session.budgets, CAPS.budgets, (budget, field) => ({
      token: address(`${field}.token`, budget.token),
      amount: number(`${field}.amount`, budget.amount, 128),
      period: Number(number(`${field}.period`, budget.period, 32)),
    })),
    signing: list('signing', session.signing, CAPS.signing, (scope, field) => ({
      domainSeparator: bytes(`${field}.domainSeparator`, scope.domainSeparator, 32),
      typeHash: bytes(`${field}.typeHash`, scope.typeHash, 32),
      rules: rules(`${field}.rules`, scope.rules),
    })),
    salt: number('salt', session.salt, 64),
  }
}

function rules(field: string, items: readonly ArgumentRule[]): ArgumentRule[] {
  return list(field, items, CAPS.rules, (rule, place) => ({
    index: Number(number(`${place}.index`, rule.index, 8)),
    min: number(`${place}.min`, rule.min, 256),
    max: number(`${place}.max`, rule.max, 256),
  }))
}

function list<T, U>(
  field: string,
  items: readonly T[],
  cap: number,
  read: (item: T, field: string) => U,
): U[] {
  if (!Array.isArray(items)) {
    const reason = `${field} is ${String(items)}, not a list`
    throw new SessionRefused('MissingList', reason, 'give [] for none')
  }
  if (items.length > cap) {
    throw new SessionRefused(
      'TooMany',
      `${field} has ${items.length} entries, at most ${cap} are allowed`,
      'drop some, or grant a second session',
    )
  }
  return items.map((item: T, i) => read(item ?? ({} as T), `${field}[${i}]`))
}

function delegateKind(kind: DelegateKind): DelegateKind {
  const number = Number(kind)
  if (number === 0 || number === 1 || number === 2) return number
  throw new SessionRefused(
    'UnknownDelegateKind',
    `delegateKind is ${kind}`,
    'use 0 (secp256k1), 1 (P-256) or 2 (WebAuthn)',
  )
}

function number(field: string, value: number | bigint, bits: number): bigint {
  const isWhole = typeof value === 'bigint' || Number.isSafeInteger(value)
  if (!isWhole || value < 0 || BigInt(value) >> BigInt(bits) !== 0n) {
    throw new SessionRefused(
      'NumberTooWide',
      `${field} is ${value}`,
      `give a whole number from 0 to 2^${bits} − 1`,
    )
  }
  return BigInt(value)
}

function address(field: string, value: Address): Address {
  if (!isAddress(value)) {
    throw new SessionRefused(
      'MalformedAddress',
      `${field} is ${value}, not an address`,
      'give 20 bytes in hex, in lower case or with the right checksum',
    )
  }
  return value
}

function bytes(field: string, value: Hex, length: number): Hex {
  if (!isHex(value) || value.length !== 2 + 2 * length || size(value) !== length) {
    throw new SessionRefused(
      'MalformedBytes',
      `${field} is ${value}`,
      `give exactly ${length} bytes in hex`,
    )
  }
  return value
}
