import {
  type Remaining,
  type Session,
  NATIVE,
  UNCOUNTED_CALLS,
  UNCOUNTED_FEES,
} from 'smart-session'
import { formatEther, formatUnits, getAddress, isAddressEqual } from 'viem'
import { meter } from './parts.ts'
import { lasting } from './time.ts'

/** What a token is called, and how its amounts are written. Its words are its own. */
export type TokenWords = { readonly symbol: string; readonly decimals: number }

/** Bars for what a session has left: calls, gas, budgets, time. */
export function metersOf(
  session: Session,
  left: Remaining,
  now: number,
  tokens: ReadonlyMap<string, TokenWords>,
): HTMLElement[] {
  const { maxCalls, feeLimit, validAfter, validUntil } = session
  const rest = Math.max(0, validUntil - Math.max(now, validAfter))
  return [
    meter('Time', rest > 0 ? `${lasting(rest)} left` : 'over', rest / (validUntil - validAfter)),
    maxCalls === UNCOUNTED_CALLS || left.calls === 'uncounted'
      ? meter('Calls', 'not counted', 1)
      : meter('Calls', `${left.calls} of ${maxCalls} left`, left.calls / maxCalls),
    feeLimit === UNCOUNTED_FEES || left.fee === 'uncounted'
      ? meter('Gas', 'not counted', 1)
      : meter(
          'Gas',
          `${ether(left.fee)} of ${ether(feeLimit)} left`,
          Number((left.fee * 1000n) / feeLimit) / 1000,
        ),
    ...session.budgets.map(({ token, amount, period }, i) => {
      const remaining = left.budgets[i]?.remaining ?? 0n
      const words = tokens.get(token.toLowerCase())
      const write = (value: bigint) => {
        if (isAddressEqual(token, NATIVE)) return ether(value)
        if (words === undefined) return `${value} of ${getAddress(token)}`
        return `${formatUnits(value, words.decimals)} ${words.symbol}`
      }
      const name = isAddressEqual(token, NATIVE) ? 'Ether' : (words?.symbol ?? 'Token')
      const each = period > 0 ? `, each ${lasting(period)}` : ''
      const part = amount === 0n ? 0 : Number((remaining * 1000n) / amount) / 1000
      return meter(name, `${write(remaining)} of ${write(amount)} left${each}`, part)
    }),
  ]
}

/** Writes wei as ether, as short as it can be read. */
export function ether(wei: bigint): string {
  const text = formatEther(wei)
  const [whole = '0', fraction = ''] = text.split('.')
  if (fraction.length <= 6) return `${text} ETH`
  const cut = fraction.slice(0, 6).replace(/0+$/, '')
  const short = cut === '' ? whole : `${whole}.${cut}`
  return short === '0' ? 'less than 0.000001 ETH' : `${short} ETH`
}
