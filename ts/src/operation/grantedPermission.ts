import { type Address, type Hex, getAddress, isAddressEqual, numberToHex } from 'viem'
import { SessionRefused } from '../errors/sessionRefused.js'
import { checkAddress } from '../session/checkRepresentable.js'
import { type Budget, type Permission, type Session, NATIVE } from '../session/session.js'

/** A permission of ERC-7715, in a request and in a response. */
export type WalletPermission = {
  type: string
  isAdjustmentAllowed: boolean
  data: { [field: string]: unknown }
}

/** A rule of ERC-7715, likewise. */
export type WalletRule = { type: string; data: { [field: string]: unknown } }

const KNOWN = /^(native|erc20)-token-(allowance|periodic)$/

/** Returns a permission as a session grants it: what was adjusted says so. Of a type that is not
 * known here, wallet and app know themselves what it means.
 *
 * @throws {@link SessionRefused} if the session has no budget of that kind. */
export function grantedPermission(session: Session, asked: WalletPermission): WalletPermission {
  const [, what, how] = KNOWN.exec(asked.type) ?? []
  if (what === undefined) return asked
  const token = what === 'native' ? NATIVE : tokenOf(asked)
  const budget = session.budgets.find(
    (one) => isAddressEqual(one.token, token) && (one.period === 0) === (how === 'allowance'),
  )
  if (budget === undefined) {
    throw new SessionRefused(
      'NotPermitted',
      `the session has no budget for ${asked.type}`,
      'grant a session of the request (fromPermissionRequest)',
    )
  }
  return { ...asked, data: { ...asked.data, ...granted(session, budget, asked.data) } }
}

function granted({ validAfter }: Session, { amount, period }: Budget, asked: object) {
  if (period > 0) {
    const periodAmount = numberToHex(amount)
    return { periodAmount, periodDuration: period, startTime: validAfter }
  }
  // `allowance` in the ERC's text, `allowanceAmount` in MetaMask's types.
  return { ['allowance' in asked ? 'allowance' : 'allowanceAmount']: numberToHex(amount) }
}

function tokenOf({ data }: WalletPermission): Address {
  return checkAddress('tokenAddress', data['tokenAddress'])
}

/** Returns the rules that a session keeps: its own end, who may be paid where it names them, and
 * what else was asked. */
export function grantedRules(
  session: Session,
  asked: readonly WalletRule[],
): readonly WalletRule[] {
  // At the timestamp the permission has ended; a session ends with its last second.
  const expiry = { type: 'expiry', data: { timestamp: session.validUntil + 1 } }
  const payees = payeesOf(session)
  const others = asked.filter(({ type }) => type !== 'expiry' && type !== 'payee')
  return [
    expiry,
    ...(payees === undefined ? [] : [{ type: 'payee', data: { addresses: payees } }]),
    ...others,
  ]
}

/** Whom the permissions of a session let be paid, if all of them name one address. */
function payeesOf({ permissions, budgets }: Session): Address[] | undefined {
  const isNative = budgets.some(({ token }) => isAddressEqual(token, NATIVE))
  const named = permissions.map((one) => (isNative ? one.target : payeeOf(one)))
  const isNamed = named.length > 0 && named.every((each) => each !== undefined)
  return isNamed ? (named as Address[]) : undefined
}

function payeeOf({ selector, rules }: Permission): Address | undefined {
  const [first] = rules
  if (selector.toLowerCase() !== '0xa9059cbb' || rules.length !== 1) return undefined
  if (first?.index !== 0 || first.min !== first.max || first.min >> 160n !== 0n) return undefined
  return getAddress(numberToHex(first.min, { size: 20 }) as Hex)
}
