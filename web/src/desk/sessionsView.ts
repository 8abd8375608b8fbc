import { type Child, element } from '../page/element.ts'
import { type CardActions, sessionCard } from './card.ts'
import type { Listed } from './listing.ts'
import type { NameBook } from './names.ts'

/** The account's sessions, a card for each. */
export function sessionsView(
  sessions: readonly Listed[] | undefined,
  book: NameBook,
  now: number,
  actions: CardActions,
): Child {
  if (sessions === undefined) {
    return element('p', { class: 'quiet', 'aria-busy': 'true' }, 'Reading sessions …')
  }
  return element(
    'section',
    { 'aria-labelledby': 'sessions-title', id: 'sessions' },
    element('h2', { id: 'sessions-title' }, `Sessions (${sessions.length})`),
    sessions.length === 0 && element('p', { class: 'quiet' }, 'No session was ever enabled here.'),
    sessions.map((one) => sessionCard(one, book, now, actions)),
  )
}
