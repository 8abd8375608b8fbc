import { type Place, readPlace } from '../place/place.ts'
import { announceDemoWallet } from './demoWallet.ts'

/** Enters the world of scripts/demo --web: its addresses, and a wallet that holds its owner's key.
 * No other build of this page has this. */
export async function enterWorld(): Promise<Place> {
  const answer = await fetch('./world.json')
  if (!answer.ok) throw new Error('the demonstration is not running: start scripts/demo --web')
  const { rpc, owner, ...world } = await answer.json()
  announceDemoWallet(rpc, owner)
  return readPlace({ ...world, node: rpc, sponsor: './sponsor' })
}
