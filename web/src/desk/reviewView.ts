import { type Child, element } from '../page/element.ts'
import { button, failureNotice, field, notice, sentence } from '../page/parts.ts'
import type { Terms } from '../request/request.ts'
import { descriptionOf, unboundedIn } from './card.ts'
import type { NameBook } from './names.ts'
import type { Review } from './review.ts'
import { summaryOf } from './summary.ts'

/** What the buttons of a review do. */
export type ReviewActions = {
  readonly sign: () => void
  readonly close: () => void
  readonly change: (terms: Terms) => void
  readonly isBusy: boolean
  /** Why nothing can be signed now; `undefined` if it can. */
  readonly obstacle: string | undefined
  /** What connects a wallet, where that is missing. */
  readonly wallets: Child
}

/** A session before it is signed: who asks, everything that is granted, and what to be careful of. */
export function reviewView(review: Review, book: NameBook, actions: ReviewActions): HTMLElement {
  const { asker, grant, warnings, comparisons, importRefusals, refusal, terms } = review
  const { sign, close, isBusy, obstacle, wallets } = actions
  const canSign = grant !== undefined && refusal === undefined && obstacle === undefined
  return element(
    'section',
    { class: 'card review', 'aria-labelledby': 'review-title' },
    element('h2', { id: 'review-title', tabindex: '-1' }, 'Before you sign'),
    asker !== undefined &&
      element(
        'p',
        { class: 'asker' },
        'Who asks calls itself ',
        element('q', {}, asker.slice(0, 80)),
        '. Nobody has checked that name: what counts is what is granted.',
      ),
    terms !== undefined && termsForm(terms, actions),
    refusal !== undefined && failureNotice(refusal),
    importRefusals.length > 0 &&
      notice(
        'bad',
        'no session can say this.',
        element(
          'ul',
          {},
          importRefusals.map(({ path, meaning, remedy }) =>
            element('li', {}, `${path}: ${meaning}. ${sentence(remedy)}`),
          ),
        ),
      ),
    comparisons.length > 0 &&
      element(
        'table',
        { class: 'comparisons' },
        element('caption', {}, 'What was asked, and what the session says'),
        element(
          'thead',
          {},
          element('tr', {}, ...['asked', 'session'].map((name) => element('th', {}, name))),
        ),
        element(
          'tbody',
          {},
          comparisons.map(({ source, session }) =>
            element('tr', {}, element('td', {}, source), element('td', {}, session)),
          ),
        ),
      ),
    grant !== undefined &&
      element('p', { class: 'summary', id: 'summary' }, summaryOf(grant.session, book)),
    grant !== undefined && descriptionOf(review as { grant: typeof grant; names: Review['names'] }),
    grant !== undefined &&
      [...warnings.map(({ sentence: words }) => words), ...unboundedIn({ grant })].map((words) =>
        notice('warning', sentence(words)),
      ),
    obstacle !== undefined && element('p', { id: 'review-obstacle', class: 'quiet' }, obstacle),
    wallets !== undefined && element('div', { class: 'wallets' }, wallets),
    element(
      'footer',
      {},
      button('Sign in the wallet', sign, {
        id: 'review-sign',
        kind: 'main',
        isBusy,
        isOff: !canSign,
        ...(obstacle === undefined ? {} : { describedBy: 'review-obstacle' }),
      }),
      button('Do not sign', close, { id: 'review-close' }),
    ),
  )
}

function termsForm(terms: Terms, { change, isBusy }: ReviewActions): HTMLElement {
  const input = (id: string, value: string, set: (text: string) => Terms) =>
    element('input', {
      id,
      type: 'text',
      inputmode: 'decimal',
      autocomplete: 'off',
      value,
      disabled: isBusy,
      on: { change: (event) => change(set((event.target as HTMLInputElement).value)) },
    })
  return element(
    'fieldset',
    { class: 'terms' },
    element('legend', {}, 'Yours to set'),
    field(
      'Minutes',
      input('terms-minutes', `${terms.seconds / 60}`, (text) => ({
        ...terms,
        seconds: Math.round(Number(text) * 60),
      })),
    ),
    field(
      'Calls',
      input('terms-calls', `${terms.maxCalls}`, (text) => ({ ...terms, maxCalls: Number(text) })),
    ),
    field(
      'Gas, at most',
      input('terms-fees', terms.feeLimit, (text) => ({
        ...terms,
        feeLimit: /^[\d.]+$/.test(text.trim()) ? `${text.trim()} ETH` : text,
      })),
    ),
  )
}
