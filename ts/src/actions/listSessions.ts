import { type Address, type Client, type Hash, type Log, getAbiItem } from 'viem'
import { getBlockNumber, getLogs } from 'viem/actions'
import { eventsAbi } from '../abi/events.js'
import type { Session } from '../session/session.js'
import { unpackSession } from '../session/unpackSession.js'

/** A session that was enabled, by the events of the module. */
export type EnabledSession = {
  readonly id: Hash
  readonly session: Session
  /** The block and the transaction that enabled it. */
  readonly blockNumber: bigint
  readonly transactionHash: Hash
  /** Whether an event has revoked it. Revoking all is seen by {@link sessionStatus} only. */
  readonly isRevoked: boolean
}

/** Which blocks are looked through. */
export type ListTerms = {
  account: Address
  /** The first block: the one in which the module was deployed, say. 0 if left out. */
  fromBlock?: bigint
  /** The last block; the newest if left out. */
  toBlock?: bigint
}

const EVENTS = [
  getAbiItem({ abi: eventsAbi, name: 'SessionEnabled' }),
  getAbiItem({ abi: eventsAbi, name: 'SessionRevoked' }),
] as const
/** Blocks; a node that refuses so short a range refuses for another reason. */
const SHORTEST = 100n

/** Lists the sessions of an account that were enabled, in the order of their blocks. A range that
 * the node refuses is halved. */
export async function listSessions(
  client: Client,
  module: Address,
  { account, fromBlock = 0n, toBlock }: ListTerms,
): Promise<EnabledSession[]> {
  const last = toBlock ?? (await getBlockNumber(client))
  const logs = await logsOf(client, module, account, fromBlock, last)
  const revoked = new Set(
    logs.flatMap(({ eventName, args }) => (eventName === 'SessionRevoked' ? [args.sessionId] : [])),
  )
  return logs.flatMap(({ eventName, args, blockNumber, transactionHash }) => {
    if (eventName !== 'SessionEnabled') return []
    const { sessionId: id, session: packed } = args
    const session = unpackSession(account, packed)
    return [{ id, session, blockNumber, transactionHash, isRevoked: revoked.has(id) }]
  })
}

type ModuleLog = Log<bigint, number, false, undefined, true, typeof EVENTS>

async function logsOf(
  client: Client,
  address: Address,
  account: Address,
  fromBlock: bigint,
  toBlock: bigint,
): Promise<ModuleLog[]> {
  try {
    const terms = { address, events: EVENTS, args: { account }, fromBlock, toBlock, strict: true }
    return (await getLogs(client, terms as never)) as unknown as ModuleLog[]
  } catch (error) {
    if (toBlock - fromBlock < SHORTEST) throw error
    const middle = fromBlock + (toBlock - fromBlock) / 2n
    const first = await logsOf(client, address, account, fromBlock, middle)
    return [...first, ...(await logsOf(client, address, account, middle + 1n, toBlock))]
  }
}
