import type { Address, Client, Hash } from 'viem'
import { getBlock, getBlockNumber } from 'viem/actions'
import { SessionRefused } from '../errors/sessionRefused.js'
import type { Session } from '../session/session.js'
import { sessionId } from '../session/sessionId.js'
import { unpackSession } from '../session/unpackSession.js'
import { logsBetween } from './logsBetween.js'

/** A session that was enabled, by the events of the module. */
export type EnabledSession = {
  readonly id: Hash
  /** The session; `undefined` if the event's bytes cannot be read here, as of a later format. */
  readonly session: Session | undefined
  /** The block and the transaction that enabled it. */
  readonly blockNumber: bigint
  readonly transactionHash: Hash
  /** Whether an event has revoked it. Revoking all is seen by {@link sessionStatus} only. */
  readonly isRevoked: boolean
}

/** Which blocks are looked through. */
export type ListTerms = {
  account: Address
  /** The first block: the one in which the module was deployed, say. The oldest that the node has
   * if left out. */
  fromBlock?: bigint
  /** The last block; the newest if left out. */
  toBlock?: bigint
}

/** The sessions of an account that were enabled in a range of blocks. */
export type SessionList = {
  /** In the order of their blocks. */
  readonly sessions: readonly EnabledSession[]
  /** The first block that was looked through. Of older ones nothing is said: if it is not 0, and not
   * asked for, the node does not have them. */
  readonly fromBlock: bigint
  /** The last block that was looked through. */
  readonly toBlock: bigint
}

/** Lists the sessions of an account that were enabled, by the module's events. A range that the
 * node refuses is asked for in pieces.
 *
 * A session that was signed and never enabled is in no event: its owner has it. One that cannot be
 * read is listed by its id, by which it can be revoked.
 *
 * @returns the sessions, and which blocks were looked through.
 * @throws {@link SessionRefused}: `EventsMissing` if the node has no events of a block, `WrongHash` if
 * it shows another session than an event names. */
export async function listSessions(
  client: Client,
  module: Address,
  { account, ...terms }: ListTerms,
): Promise<SessionList> {
  const [fromBlock, toBlock] = await Promise.all([
    terms.fromBlock ?? oldestBlock(client),
    terms.toBlock ?? getBlockNumber(client),
  ])
  const logs = await logsBetween(client, module, account, { fromBlock, toBlock })
  const revoked = logs.flatMap(({ eventName, args }) =>
    eventName === 'SessionRevoked' ? [args.sessionId] : [],
  )
  const sessions = logs.flatMap(({ eventName, args, blockNumber, transactionHash }) => {
    if (eventName !== 'SessionEnabled') return []
    const { sessionId: id, session: packed } = args
    let session: Session | undefined
    try {
      session = unpackSession(account, packed)
    } catch {
      // One that cannot be read keeps none of the others from being listed.
    }
    // The owner reads the session, and revokes its id.
    if (session && sessionId(session) !== id) {
      const reason = `the event of ${id} shows another session`
      throw new SessionRefused('WrongHash', reason, 'ask another node')
    }
    return [{ id, session, blockNumber, transactionHash, isRevoked: revoked.includes(id) }]
  })
  return { sessions, fromBlock, toBlock }
}

/** Asks for the oldest block that a node has; a node that does not say so may have all of them. */
const oldestBlock = (client: Client): Promise<bigint> =>
  getBlock(client, { blockTag: 'earliest' }).then(
    ({ number }) => number,
    () => 0n,
  )
