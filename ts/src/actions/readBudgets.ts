import type { Address, Client } from 'viem'
import { getBlock, readContract } from 'viem/actions'
import { viewsAbi } from '../abi/views.js'
import { packSession } from '../session/packSession.js'
import type { Session } from '../session/session.js'

/** What is spent and left of one budget, in the token's smallest unit. */
export type BudgetState = { readonly spent: bigint; readonly remaining: bigint }

/** Asks the module for what is left of a session's budgets, in the order of the session.
 *
 * @param at the moment that is meant, in unix seconds; the latest block's if left out. */
export async function readBudgets(
  client: Client,
  module: Address,
  session: Session,
  at?: number,
): Promise<readonly BudgetState[]> {
  const time = at ?? Number((await getBlock(client)).timestamp)
  return readContract(client, {
    address: module,
    abi: viewsAbi,
    functionName: 'budgets',
    args: [session.account, packSession(session), time],
  })
}
