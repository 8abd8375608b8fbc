import { type Address, getAddress, isAddressEqual, numberToHex } from 'viem'
import { SessionRefused } from '../errors/sessionRefused.js'
import type { PermissionRequest } from '../from/request/permissionRequest.js'
import { type Asked, type Where, readAsked } from '../from/request/readAsked.js'
import {
  type Budget,
  type Permission,
  type Session,
  NATIVE,
  PLAIN_TRANSFER,
} from '../session/session.js'
import { TRANSFER } from '../session/token.js'
import { checkUnadjusted, refuseOther } from './checkUnadjusted.js'

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

/** Returns what a response says of a session: its permission, and its own end, who may be paid where
 * it names them, and who may redeem it if that was asked. A type of permission that is an app's own
 * is repeated with all its data: wallet and app know themselves what it means.
 *
 * @throws {@link SessionRefused} if the session grants more than one permission can say, or the request
 * is malformed or asks for what no session holds (`NoEqual`); or if it grants something else than is
 * asked for, or the request allows no adjustment and one was made (`NotPermitted`). */
export function answerOf(session: Session, where: Where, request?: PermissionRequest): Answer {
  const { validAfter, validUntil, signing } = session
  const asked = request && readAsked(request, session, where)
  // At the timestamp the permission has ended; a session ends with its last second.
  const expiry = { type: 'expiry', data: { timestamp: validUntil + 1 } }
  const redeemers = (request?.rules ?? []).filter(({ type }) => type === 'redeemer')
  if (asked && !asked.total) {
    checkUnadjusted(asked, { validAfter, validUntil })
    return { permission: asked.permission, rules: [expiry, ...redeemers] }
  }
  const [budget, ...others] = session.budgets
  if (budget === undefined || others.length > 0 || signing.length > 0) return tooMuch()
  const payees = payeesOf(session, budget)
  const payee = { type: 'payee', data: { addresses: payees } }
  // A total is the amount of one period: the one that is asked for ends after the session.
  const period = asked?.total?.every?.period ?? 0n
  const isOnePeriod = budget.period === 0 && validUntil - validAfter < period
  const isPeriodic = isOnePeriod || budget.period > 0
  const permission = grantedPermission(session, budget, isPeriodic, asked)
  if (asked) {
    const granted = { ...budget, period: isOnePeriod ? period : BigInt(budget.period), payees }
    checkUnadjusted(asked, { validAfter, validUntil, ...granted })
  }
  const rules = [expiry, ...(payees === undefined ? [] : [payee]), ...redeemers]
  return { permission, rules }
}

/** Returns a permission as a session grants it: what was adjusted says so. The period is left as it
 * was asked for where the session ends before it. */
function grantedPermission(
  { validAfter }: Session,
  { token, amount, period }: Budget,
  isPeriodic: boolean,
  asked?: Asked,
): WalletPermission {
  const isNative = isAddressEqual(token, NATIVE)
  const type = `${isNative ? 'native' : 'erc20'}-token-${isPeriodic ? 'periodic' : 'allowance'}`
  const { permission, total } = asked ?? {}
  const { data = {} } = permission ?? {}
  if (total && (permission?.type !== type || !isAddressEqual(total.token, token))) {
    refuseOther(`${type} of ${token}`, `${permission?.type} of ${total.token}`)
  }
  const isAsked = (name: string) => data[name] !== undefined && data[name] !== null
  // The field's name in MetaMask's types, and in the ERC's text.
  const allowance = isAsked('allowanceAmount') ? 'allowanceAmount' : 'allowance'
  return {
    isAdjustmentAllowed: false,
    ...permission,
    type,
    data: {
      ...data,
      ...(isNative ? {} : { tokenAddress: getAddress(token) }),
      [isPeriodic ? 'periodAmount' : allowance]: numberToHex(amount),
      ...(period > 0 ? { periodDuration: period } : {}),
      ...(isPeriodic || isAsked('startTime') ? { startTime: validAfter } : {}),
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
