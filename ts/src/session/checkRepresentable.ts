import { type Address, type Hex, isAddress, isHex, size } from 'viem'
import { SessionRefused } from '../errors/sessionRefused.js'
import { type ArgumentRule, type Session, CAPS } from './session.js'

/** Checks that every field of a session fits its type, and every list its cap.
 *
 * Such a session has an id and a packed form; {@link checkSession} says whether it can work.
 *
 * @throws {@link SessionRefused} for the first field that does not fit. */
export function checkRepresentable(session: Session): void {
  address('account', session.account)
  list('chains', session.chains, CAPS.chains)
  session.chains.forEach((chain, i) => {
    number(`chains[${i}].chainId`, chain.chainId, 256)
    number(`chains[${i}].epoch`, chain.epoch, 64)
  })
  address('delegate', session.delegate)
  if (![0, 1, 2].includes(session.delegateKind)) {
    throw new SessionRefused(
      'UnknownDelegateKind',
      `delegateKind is ${session.delegateKind}`,
      'use 0 (secp256k1), 1 (P-256) or 2 (WebAuthn)',
    )
  }
  // The module refuses times of 2^47 and more where it reads them.
  number('validAfter', session.validAfter, 47)
  number('validUntil', session.validUntil, 47)
  number('maxCalls', session.maxCalls, 32)
  number('feeLimit', session.feeLimit, 96)
  address('paymaster', session.paymaster)
  list('permissions', session.permissions, CAPS.permissions)
  session.permissions.forEach((permission, i) => {
    address(`permissions[${i}].target`, permission.target)
    bytes(`permissions[${i}].selector`, permission.selector, 4)
    number(`permissions[${i}].valueLimit`, permission.valueLimit, 256)
    rules(`permissions[${i}].rules`, permission.rules)
  })
  list('budgets', session.budgets, CAPS.budgets)
  session.budgets.forEach((budget, i) => {
    address(`budgets[${i}].token`, budget.token)
    number(`budgets[${i}].amount`, budget.amount, 128)
    number(`budgets[${i}].period`, budget.period, 32)
  })
  list('signing', session.signing, CAPS.signing)
  session.signing.forEach((scope, i) => {
    bytes(`signing[${i}].domainSeparator`, scope.domainSeparator, 32)
    bytes(`signing[${i}].typeHash`, scope.typeHash, 32)
    rules(`signing[${i}].rules`, scope.rules)
  })
  number('salt', session.salt, 64)
}

function rules(field: string, items: readonly ArgumentRule[]): void {
  list(field, items, CAPS.rules)
  items.forEach((rule, i) => {
    number(`${field}[${i}].index`, rule.index, 8)
    number(`${field}[${i}].min`, rule.min, 256)
    number(`${field}[${i}].max`, rule.max, 256)
  })
}

function list(field: string, items: readonly unknown[], cap: number): void {
  if (items.length > cap) {
    throw new SessionRefused(
      'TooMany',
      `${field} has ${items.length} entries, at most ${cap} are allowed`,
      'drop some, or grant a second session',
    )
  }
}

function number(field: string, value: number | bigint, bits: number): void {
  const isWhole = typeof value === 'bigint' || Number.isSafeInteger(value)
  if (!isWhole || value < 0 || BigInt(value) >> BigInt(bits) !== 0n) {
    throw new SessionRefused(
      'NumberTooWide',
      `${field} is ${value}`,
      `give a whole number from 0 to 2^${bits} − 1`,
    )
  }
}

function address(field: string, value: Address): void {
  if (!isAddress(value)) {
    throw new SessionRefused(
      'MalformedAddress',
      `${field} is ${value}, not an address`,
      'give 20 bytes in hex, in lower case or with the right checksum',
    )
  }
}

function bytes(field: string, value: Hex, length: number): void {
  if (!isHex(value) || value.length !== 2 + 2 * length || size(value) !== length) {
    throw new SessionRefused(
      'MalformedBytes',
      `${field} is ${value}`,
      `give exactly ${length} bytes in hex`,
    )
  }
}
