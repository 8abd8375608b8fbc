import {
  type Address,
  BaseError,
  type Client,
  type Hash,
  type ParseEventLogsReturnType,
  type RpcLog,
  encodeEventTopics,
  formatLog,
  numberToHex,
  pad,
  parseEventLogs,
} from 'viem'
import { eventsAbi } from '../abi/events.js'
import { SessionRefused } from '../errors/sessionRefused.js'
import { isRefusal } from './isRefusal.js'

/** An event of the module, of a block that is mined. */
export type ModuleLog = ParseEventLogsReturnType<typeof eventsAbi, undefined, true>[number] & {
  blockNumber: bigint
  transactionHash: Hash
}

/** Returns the module's events of an account in a range of blocks, both ends included.
 *
 * Nodes limit how many blocks, or events, they answer about at once. So all that is left is asked
 * for; where that is refused, half of it, and so on. What follows an answer is asked for in pieces
 * that grow again.
 *
 * @throws {@link SessionRefused} if a single block is refused: the node does not have its events, or
 * gives none to this client. */
export async function logsBetween(
  client: Client,
  address: Address,
  account: Address,
  { fromBlock, toBlock }: { fromBlock: bigint; toBlock: bigint },
): Promise<ModuleLog[]> {
  const found: ModuleLog[] = []
  let next = fromBlock
  let more = toBlock - fromBlock
  const topics = [signatures(), pad(account)]
  while (next <= toBlock) {
    const last = next + more < toBlock ? next + more : toBlock
    const range = { fromBlock: numberToHex(next), toBlock: numberToHex(last) }
    try {
      const params = [{ address, topics, ...range }] as const
      const logs = (await client.request({ method: 'eth_getLogs', params } as never)) as RpcLog[]
      found.push(...read(logs))
      next = last + 1n
      more = more * 2n + 1n
    } catch (cause) {
      if (!isRefusal(cause)) throw cause
      if (last === next) throw unanswered(next, cause)
      more = (last - next) / 2n
    }
  }
  return found
}

/** The first topics of the module's events. The second one of all of them is the account. */
const signatures = () =>
  eventsAbi.flatMap(({ name }) => encodeEventTopics({ abi: eventsAbi, eventName: name }))

const read = (logs: readonly RpcLog[]) =>
  parseEventLogs({ abi: eventsAbi, logs: logs.map((log) => formatLog(log)) }) as ModuleLog[]

function unanswered(block: bigint, cause: unknown): SessionRefused {
  const words = cause instanceof BaseError ? cause.details || cause.shortMessage : String(cause)
  return new SessionRefused(
    'EventsMissing',
    `the node gives no events of block ${block} (${words.split('\n')[0]})`,
    'ask a node that keeps the events of all blocks, or begin at a later block (fromBlock)',
    { cause },
  )
}
