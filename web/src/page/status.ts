import type { SessionStanding } from 'smart-session'
import { element } from './element.ts'

/** What is said of a session's status, and what it means. */
export const STATUS_WORDS: {
  readonly [S in SessionStanding]: { readonly mark: string; readonly tone: string; meaning: string }
} = {
  live: { mark: '●', tone: 'good', meaning: 'the delegate can act now' },
  'not yet': { mark: '◔', tone: 'note', meaning: 'its time has not begun' },
  over: { mark: '○', tone: 'still', meaning: 'its time is over' },
  void: {
    mark: '⊘',
    tone: 'still',
    meaning: 'all sessions of its time were revoked, or it is for another chain',
  },
  revoked: { mark: '✕', tone: 'bad', meaning: 'ended for good' },
  'not enabled': {
    mark: '◇',
    tone: 'note',
    meaning: 'its first use enables it, if the owner has signed it',
  },
}

/** A session's status, by a mark and a word and not by colour alone. */
export function statusPill(standing: SessionStanding): HTMLElement {
  const { mark, tone, meaning } = STATUS_WORDS[standing]
  return element(
    'span',
    { class: `pill ${tone}`, title: meaning },
    element('span', { 'aria-hidden': 'true' }, mark),
    ` ${standing}`,
  )
}
