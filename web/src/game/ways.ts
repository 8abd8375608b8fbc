import { orderPlayer } from './orders.ts'
import type { Player, PlayerTerms, Way } from './player.ts'

/** What is said of each way. */
export const WAY_WORDS: { readonly [W in Way]: { label: string; meaning: string } } = {
  order: {
    label: 'A sponsor, as signed orders',
    meaning: 'no bundler and no EntryPoint; the sponsor pays for gas',
  },
  operation: {
    label: 'A sponsor, as operations',
    meaning: 'it brings each one to the EntryPoint; the account pays it back',
  },
  bundler: { label: 'A bundler', meaning: 'takes each operation, at the address in the settings' },
  wallet: { label: 'Your wallet', meaning: 'brings each operation, and is paid back' },
}

/** Makes who plays in a way.
 *
 * @throws SessionRefused if what the way needs is not named or connected. */
export async function makePlayer(way: Way, terms: PlayerTerms): Promise<Player> {
  if (way === 'order') return orderPlayer(terms)
  // What operations take is loaded when one is made.
  const { operationPlayer } = await import('./operations.ts')
  return operationPlayer(way, terms)
}
