import type { Address, Client, Hash } from 'viem'
import { getBlock, readContract } from 'viem/actions'
import { smartSessionAbi } from './abi.js'
import { packSession } from './packed.js'
import type { Session } from './session.js'
import { sessionId } from './typed-data.js'

/** What the module keeps of a session on one chain. */
export type SessionState = {
  /** `unknown`: never enabled there. `revoked`: ended for good. An enabled session can be void for
   * other reasons: its window is over, or the account has moved its epoch. */
  readonly status: SessionStatus
  /** Executions that were validated. Not counted where `maxCalls` is uncounted. */
  readonly calls: number
  /** Wei of gas that validated operations could have cost. Not counted likewise. */
  readonly fee: bigint
  /** Wei of native value that was spent of the budget for the whole session. */
  readonly nativeSpent: bigint
}

/** What a session's status can be. */
export type SessionStatus = 'unknown' | 'enabled' | 'revoked'

const STATUS: Record<number, SessionStatus> = { 0: 'unknown', 1: 'enabled', 2: 'revoked' }

/** Asks the module for what it keeps of a session.
 *
 * @param session the session, or its account and id. */
export async function readSession(
  client: Client,
  module: Address,
  session: Session | { account: Address; id: Hash },
): Promise<SessionState> {
  const id = 'id' in session ? session.id : sessionId(session)
  const [status, calls, fee, nativeSpent] = await readContract(client, {
    address: module,
    abi: smartSessionAbi,
    functionName: 'sessionState',
    args: [session.account, id],
  })
  return { status: STATUS[status] ?? 'unknown', calls, fee, nativeSpent }
}

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
    abi: smartSessionAbi,
    functionName: 'budgets',
    args: [session.account, packSession(session), time],
  })
}

/** Asks the module for an account's epoch, which new sessions must name. */
export function readEpoch(client: Client, module: Address, account: Address): Promise<bigint> {
  return readContract(client, {
    address: module,
    abi: smartSessionAbi,
    functionName: 'epoch',
    args: [account],
  })
}
