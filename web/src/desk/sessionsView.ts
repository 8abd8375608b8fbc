import { type Child, element } from '../page/element.ts'
import { type CardActions, sessionCard } from './card.ts'
import type { SessionListing } from './listing.ts'
import type { NameBook } from './names.ts'

/** The account's sessions, a card for each, and how far back was looked. */
export function sessionsView(
  list: SessionListing | undefined,
  book: NameBook,
  now: number,
  actions: CardActions,
): Child {
  if (list === undefined) {
    return element('p', { class: 'quiet', 'aria-busy': 'true' }, 'Reading sessions …')
  }
  const { sessions, unreadable, fromBlock } = list
  return element(
    'section',
    { 'aria-labelledby': 'sessions-title', id: 'sessions' },
    element('h2', { id: 'sessions-title' }, `Sessions (${sessions.length})`),
    sessions.length === 0 &&
      unreadable.length === 0 &&
      fromBlock === 0n &&
      element('p', { class: 'quiet' }, 'No session was ever enabled here.'),
    fromBlock > 0n &&
      element(
        'p',
        { class: 'quiet', id: 'sessions-since' },
        `${sessions.length === 0 ? 'No session was enabled here' : 'Looked through'} from block ` +
          `${fromBlock} on. This node has no events of older blocks: sessions that were enabled in ` +
          'them are not shown, and may still act. A node that keeps all events shows them.',
      ),
    unreadable.length > 0 &&
      element(
        'p',
        { id: 'sessions-unreadable' },
        `This page cannot read ${unreadable.length} more, which may still act until all sessions are ` +
          `revoked: ${unreadable.join(', ')}.`,
      ),
    sessions.map((one) => sessionCard(one, book, now, actions)),
  )
}
