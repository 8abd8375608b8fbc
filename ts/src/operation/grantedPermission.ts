import { type Address, getAddress, isAddressEqual, numberToHex } from 'viem'
import { SessionRefused } from '../errors/sessionRefused.js'
import { readAddress } from '../session/readAddress.js'
import {
  type Budget,
  type Permission,
  type Session,
  NATIVE,
  PLAIN_TRANSFER,
} from '../session/session.js'
import { TRANSFER } from '../session/token.js'

/** A permission of ERC-7715, in a request and in a response. */
export type WalletPermission = {
  type: string
  isAdjustmentAllowed: boolean
  data: { [field: string]: unknown }
}

/** A rule of ERC-7715, likewise. */
export type WalletRule = { type: string; data: { [field: string]: unknown } }

/** What a response says of what was granted. */
export type Answer = { permission: WalletPermission; rules: readonly WalletRule[] }

/** What a request says, as far as a response repeats it. */
type Asked = { permission?: WalletPermission; rules?: readonly WalletRule[] | null }

const KNOWN = /^(native|erc20)-token-(allowance|periodic)$/

/** Returns what a response says of a session: its permission, and its own end, who may be paid where
 * it names them, and what else was asked. Of a type of permission that is not known here, wallet and
 * app know themselves what it means.
 *
 * @throws {@link SessionRefused} if the session grants more than one permission can say (`NoEqual`),
 * or another one than is asked for (`NotPermitted`). */
export function answerOf(session: Session, { permission: asked, rules }: Asked): Answer {
  // At the timestamp the permission has ended; a session ends with its last second.
  const expiry = { type: 'expiry', data: { timestamp: session.validUntil + 1 } }
  const repeated = (...own: string[]) => (rules ?? []).filter(({ type }) => !own.includes(type))
  if (asked !== undefined && !KNOWN.test(asked.type)) {
    return { permission: asked, rules: [expiry, ...repeated('expiry')] }
  }
  const [budget, ...others] = session.budgets
  if (budget === undefined || others.length > 0 || session.signing.length > 0) return tooMuch()
  const payees = payeesOf(session, budget)
  const payee = { type: 'payee', data: { addresses: payees } }
  return {
    permission: grantedPermission(session, budget, asked),
    rules: [expiry, ...(payees === undefined ? [] : [payee]), ...repeated('expiry', 'payee')],
  }
}

/** Returns a permission as a session grants it: what was adjusted says so. */
function grantedPermission(
  { validAfter }: Session,
  { token, amount, period }: Budget,
  asked?: WalletPermission,
): WalletPermission {
  const isNative = isAddressEqual(token, NATIVE)
  const type = `${isNative ? 'native' : 'erc20'}-token-${period > 0 ? 'periodic' : 'allowance'}`
  const { data = {} } = asked ?? {}
  const isOtherToken = !isNative && readAddress(data['tokenAddress']) !== getAddress(token)
  if (asked !== undefined && (asked.type !== type || isOtherToken)) {
    const other = asked.type === type ? 'a permission for another token' : asked.type
    throw new SessionRefused(
      'NotPermitted',
      `the session grants ${type} of ${token}, and ${other} is asked for`,
      'grant a session of the request (fromPermissionRequest)',
    )
  }
  const isAsked = (name: string) => data[name] !== undefined && data[name] !== null
  // The field's name in MetaMask's types, and in the ERC's text.
  const allowance = isAsked('allowanceAmount') ? 'allowanceAmount' : 'allowance'
  return {
    isAdjustmentAllowed: false,
    ...asked,
    type,
    data: {
      ...data,
      ...(isNative ? {} : { tokenAddress: getAddress(token) }),
      ...(period > 0
        ? { periodAmount: numberToHex(amount), periodDuration: period }
        : { [allowance]: numberToHex(amount) }),
      ...(period > 0 || isAsked('startTime') ? { startTime: validAfter } : {}),
    },
  }
}

/** Whom a session lets be paid; `undefined` if anyone.
 *
 * @throws {@link SessionRefused} if it lets happen anything but transfers of what its budget is for. */
function payeesOf({ permissions }: Session, { token }: Budget): Address[] | undefined {
  const isNative = isAddressEqual(token, NATIVE)
  const areTransfers = permissions.every(({ target, selector, valueLimit }) =>
    isNative
      ? selector === PLAIN_TRANSFER
      : selector.toLowerCase() === TRANSFER && isAddressEqual(target, token) && valueLimit === 0n,
  )
  if (!areTransfers || permissions.length === 0) return tooMuch()
  if (!isNative && permissions.length === 1 && permissions[0]?.rules.length === 0) return undefined
  return permissions.map((one) => (isNative ? getAddress(one.target) : payeeOf(one)))
}

function payeeOf({ rules: [first, ...others] }: Permission): Address {
  const isOne = first?.index === 0 && first.min === first.max && others.length === 0
  if (!isOne || first.min >> 160n !== 0n) return tooMuch()
  return getAddress(numberToHex(first.min, { size: 20 }))
}

/** Refuses a session that grants more than a response can say. */
export function tooMuch(): never {
  throw new SessionRefused(
    'NoEqual',
    'ERC-7715 has no type of permission for what the session says',
    'hand the session over as a file or text instead',
  )
}
