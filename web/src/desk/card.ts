import { NATIVE, UNCOUNTED_CALLS } from 'smart-session'
import { describeSession } from 'smart-session/owner'
import { isAddressEqual } from 'viem'
import { element } from '../page/element.ts'
import { metersOf } from '../page/meters.ts'
import { addressOf, button, sentence } from '../page/parts.ts'
import { statusPill } from '../page/status.ts'
import { moment } from '../page/time.ts'
import { type Listed, isOpen } from './listing.ts'
import type { NameBook } from './names.ts'

const KEYS = ['key', 'browser key', 'passkey'] as const

/** What the desk's buttons on a session do. */
export type CardActions = {
  readonly revoke: (one: Listed) => void
  readonly sign: (one: Listed) => void
  /** What happens to the session right now, if anything does. */
  readonly isBusy: boolean
  readonly canSign: boolean
}

/** A session: what it may do, whether it can, what is left of it, and the button that ends it. */
export function sessionCard(
  one: Listed,
  book: NameBook,
  now: number,
  { revoke, sign, isBusy, canSign }: CardActions,
): HTMLElement {
  const { id, grant, standing, left, warnings, enabledAt, isForged } = one
  const { session } = grant
  const canAct = isOpen(standing)
  const isSigned = grant.ownerSignature !== undefined
  const canEnd = standing !== 'revoked' && standing !== 'void'
  const isUnsigned = enabledAt === undefined && !isSigned && standing === 'not enabled'
  const titleId = `title-${id}`
  return element(
    'article',
    {
      class: canAct ? 'card session' : 'card session ended',
      'aria-labelledby': titleId,
      'data-session': id,
      'data-status': standing,
    },
    element('header', {}, element('h3', { id: titleId }, titleOf(one, book)), statusPill(standing)),
    element(
      'p',
      { class: 'who' },
      `${sentence(KEYS[session.delegateKind]).slice(0, -1)} `,
      addressOf(session.delegate),
      ` · ${moment(session.validAfter)} to ${moment(session.validUntil)}`,
    ),
    canAct && element('div', { class: 'meters' }, metersOf(session, left, now, book.tokens)),
    warnings.length > 0 &&
      element(
        'ul',
        { class: 'warnings', 'aria-label': 'Warnings' },
        warnings.map(({ sentence: words }) => element('li', {}, sentence(words))),
      ),
    element(
      'p',
      { class: 'quiet' },
      enabledAt === undefined
        ? isForged
          ? 'The signature that came with it is not the owner’s.'
          : isSigned
            ? 'Signed; its first use enables it.'
            : 'From a file; not signed here.'
        : `Enabled ${moment(enabledAt)}.`,
      usesWords(one),
    ),
    element(
      'details',
      { id: `all-${id}` },
      element('summary', {}, 'Everything it grants'),
      descriptionOf(one),
    ),
    element(
      'footer',
      {},
      isUnsigned &&
        button('Review and sign', () => sign(one), {
          id: `sign-${id}`,
          kind: 'main',
          isOff: !canSign || isBusy,
        }),
      canEnd &&
        button('Revoke', () => revoke(one), {
          id: `revoke-${id}`,
          kind: 'danger',
          isBusy,
          describedBy: titleId,
        }),
    ),
  )
}

function usesWords({ lastUse, orders }: Listed): string {
  const operation =
    lastUse === undefined
      ? ''
      : ` Last operation ${moment(lastUse.at)}${lastUse.success ? '' : ', which failed'}.`
  const ran = orders === 0 ? '' : ` ${orders} signed order${orders === 1 ? '' : 's'} ran.`
  return operation + ran || ' No use found.'
}

/** What a session is for, in few words: what it may call. */
export function titleOf({ grant: { session } }: Listed, book: NameBook): string {
  const names = session.permissions.map(({ selector }) => {
    if (selector === '0xffffffff') return 'anything of a contract'
    if (selector === '0x00000000') return 'plain transfers'
    const name = book.functionOf(selector)
    return name === undefined ? `function ${selector}` : name.replace(/\(.*$/, '')
  })
  const calls = [...new Set(names)]
  const targets = [...new Set(session.permissions.map(({ target }) => target.toLowerCase()))]
  const [target = ''] = targets
  const token = book.tokens.get(target)?.symbol
  const of =
    targets.length === 1 ? ` of ${token ?? `${target.slice(0, 6)}…${target.slice(-4)}`}` : ''
  const shown = calls.slice(0, 3).join(', ')
  const more = calls.length > 3 ? ` and ${calls.length - 3} more` : ''
  if (calls.length > 0) return `May call ${shown}${more}${of}`
  return session.signing.length > 0 ? 'May sign messages' : 'May do nothing'
}

/** Every line of what a session grants, in the words of the command line. */
export function descriptionOf({ grant, names }: Pick<Listed, 'grant' | 'names'>): HTMLElement {
  const lines = describeSession(grant, names)
  return element(
    'dl',
    { class: 'description' },
    lines.map(({ label, value }) =>
      element('div', {}, element('dt', {}, label), element('dd', { dir: 'ltr' }, value)),
    ),
  )
}

/** What has no total in a session, in words. */
export function unboundedIn({ grant: { session } }: Pick<Listed, 'grant'>): string[] {
  const spendsEther = session.permissions.some(({ valueLimit }) => valueLimit > 0n)
  const hasBudget = session.budgets.some(({ token }) => isAddressEqual(token, NATIVE))
  return [
    ...(session.maxCalls === UNCOUNTED_CALLS ? ['Calls are not counted.'] : []),
    ...(spendsEther && !hasBudget
      ? ['Ether has no total of its own, only a limit for each call.']
      : []),
  ]
}
