import { createSessionClient, ownBundler } from 'smart-session'
import { http, parseEther } from 'viem'
import { createBundlerClient } from 'viem/account-abstraction'
import { modularAccount } from '../wallet/modularAccount.ts'
import type { Player, PlayerTerms, Way } from './player.ts'
import { missing, sponsorWallet } from './sponsorWallet.ts'

/** Gas that a sponsor is asked to spend on an operation at most. It tries before it pays. */
const SPONSORED_GAS = 3_000_000n
/** Wei; no operation may cost more gas, whoever names the price. */
const MOST_FEE = parseEther('0.005')

/** Plays by user operations.
 *
 * @throws SessionRefused if what the way needs is not named or connected. */
export async function operationPlayer(way: Exclude<Way, 'order'>, terms: PlayerTerms): Promise<Player> {
  const { connection, grant, delegate } = terms
  const { session, ownerSignature, accountKind } = grant
  const [account, bundler] = await Promise.all([
    modularAccount(connection.client, session.account),
    bundlerFor(way, terms),
  ])
  const player = await createSessionClient(bundler, {
    account,
    module: connection.module,
    session,
    delegate,
    maxFee: MOST_FEE,
    ...(ownerSignature === undefined ? {} : { ownerSignature }),
    ...(accountKind === undefined ? {} : { kind: accountKind }),
  })
  // Where no bundler is paid, nothing is offered beyond the base fee.
  const bids = way === 'bundler' ? {} : { priorityFee: 0n }
  return async (calls) => {
    const { success, reason } = await player.waitFor(await player.send(calls, bids))
    return success ? undefined : (reason ?? 'the game itself has refused the call')
  }
}

async function bundlerFor(way: Exclude<Way, 'order'>, { connection, place, owner }: PlayerTerms) {
  const { client, chain } = connection
  switch (way) {
    case 'bundler':
      if (place.bundler === undefined)
        return missing('no bundler is named', 'name one in the settings')
      return createBundlerClient({
        client,
        chain,
        transport: http(place.bundler, { retryCount: 0 }),
      })
    case 'wallet':
      if (owner === undefined) return missing('no wallet is connected', 'connect one at the desk')
      return ownBundler({ wallet: owner.client })
    case 'operation':
      return ownBundler({
        wallet: await sponsorWallet(connection, place.sponsor),
        gas: SPONSORED_GAS,
      })
  }
}
