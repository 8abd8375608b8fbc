import { type Session, NATIVE, UNCOUNTED_CALLS } from 'smart-session'
import { isAddressEqual } from 'viem'
import { ether } from '../page/meters.ts'
import { lasting, moment } from '../page/time.ts'
import type { NameBook } from './names.ts'

const KEYS = ['A key', 'A key of a browser', 'A passkey'] as const

/** Returns the gist of a session in two or three sentences. It leaves out what the description below
 * it says, and never says less than is granted about what may be called, how often and until when. */
export function summaryOf(session: Session, book: NameBook): string {
  const { validAfter, validUntil, maxCalls, permissions, budgets, signing, delegateKind } = session
  const calls = permissions.map(({ selector, valueLimit, rules }) => {
    const name =
      selector === '0xffffffff'
        ? 'anything of one contract'
        : selector === '0x00000000'
          ? 'plain transfers'
          : (book.functionOf(selector) ?? `the function ${selector}`)
    const value = valueLimit > 0n ? `, with up to ${ether(valueLimit)} each time` : ''
    return `${name}${value}${rules.length > 0 ? ', within bounds' : ''}`
  })
  const often = maxCalls === UNCOUNTED_CALLS ? 'any number of calls' : `${maxCalls} calls at most`
  const what = calls.length === 0 ? 'call nothing' : `call ${listed(calls)}: ${often}`
  const native = budgets.find(({ token, period }) => isAddressEqual(token, NATIVE) && period === 0)
  return [
    `${KEYS[delegateKind]} may ${what}, for ${lasting(validUntil - validAfter)}, until ${moment(validUntil)}.`,
    native === undefined ? '' : `It can send ${ether(native.amount)} in all.`,
    signing.length > 0 ? `It may sign ${signing.length} kinds of messages for apps.` : '',
  ]
    .filter(Boolean)
    .join(' ')
}

function listed(parts: readonly string[]): string {
  const shown = parts.slice(0, 4)
  const more = parts.length - shown.length
  return more > 0 ? `${shown.join('; ')}; and ${more} more` : shown.join('; ')
}
