import type { Session } from '../session/session.js'

/** What every session says, whatever it is for: account, chains, delegate, window, gas. */
export type SessionFrame = Omit<Session, 'maxCalls' | 'permissions' | 'budgets' | 'signing'>
