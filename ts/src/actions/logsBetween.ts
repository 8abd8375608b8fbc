import {
  type Address,
  BaseError,
  type Client,
  type Hash,
  type ParseEventLogsReturnType,
  type RpcLog,
  formatLog,
  isAddressEqual,
  numberToHex,
  pad,
  parseEventLogs,
  toEventSelector,
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
  // The second topic of all of the module's events is the account.
  const topics = [eventsAbi.map((event) => toEventSelector(event)), pad(account)]
  while (next <= toBlock) {
    const last = next + more < toBlock ? next + more : toBlock
    const params = [
      { address, topics, fromBlock: numberToHex(next), toBlock: numberToHex(last) },
    ] as const
    let logs: RpcLog[]
    try {
      logs = await client.request({ method: 'eth_getLogs', params } as never)
    } catch (cause) {
      if (!isRefusal(cause)) throw cause
      if (last === next) throw unanswered(next, cause)
      more = (last - next) / 2n
      continue
    }
    found.push(...read(logs, address, account))
    next = last + 1n
    more = more * 2n + 1n
  }
  return found
}

/** Reads those of the module and the account: not every node answers what it was asked for. */
const read = (logs: readonly RpcLog[], address: Address, account: Address) =>
  parseEventLogs({
    abi: eventsAbi,
    args: { account },
    logs: logs.filter((log) => isAddressEqual(log.address, address)).map((log) => formatLog(log)),
  }) as ModuleLog[]

function unanswered(block: bigint, cause: unknown): SessionRefused {
  const words = cause instanceof BaseError ? cause.details || cause.shortMessage : String(cause)
  return new SessionRefused(
    'EventsMissing',
    `no events of block ${block} (${words.split('\n')[0]})`,
    'ask a node that keeps all events, or begin later (fromBlock)',
    { cause },
  )
}
