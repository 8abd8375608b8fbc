import {
  type Address,
  type Client,
  type Hash,
  type Log,
  type TransactionReceipt,
  getAbiItem,
  isAddressEqual,
  parseEventLogs,
} from 'viem'
import { entryPoint07Abi } from 'viem/account-abstraction'
import { getBlockNumber, getLogs, getTransactionReceipt } from 'viem/actions'
import { SessionRefused } from '../errors/sessionRefused.js'

/** What became of a user operation, by the node. */
export type OperationReceipt = {
  /** The hash of the operation. */
  readonly hash: Hash
  /** Whether its calls succeeded. Counters have moved in any case. */
  readonly success: boolean
  /** What its calls reverted with, where the module says so. */
  readonly reason: string | undefined
  /** Wei of gas that were paid. */
  readonly actualGasCost: bigint
  readonly actualGasUsed: bigint
  /** What the operation itself logged, not the others of its bundle. */
  readonly logs: readonly Log[]
  /** The receipt of the bundle. */
  readonly receipt: TransactionReceipt
}

/** What is waited for. */
export type WaitTerms = {
  hash: Hash
  /** Milliseconds; 60,000 if left out. */
  timeout?: number
  /** Milliseconds between two looks; the client's if left out. */
  pollingInterval?: number
  /** The block from which on it may have landed; 1,000 before the newest one if left out. */
  fromBlock?: bigint
}

const USER_OPERATION_EVENT = getAbiItem({ abi: entryPoint07Abi, name: 'UserOperationEvent' })

/** Waits until a user operation has landed, and reads its receipt from the node: a bundler is
 * believed nothing. A node that does not answer is asked again.
 *
 * @throws {@link SessionRefused} if it has not landed in time. It may land later. */
export async function waitForOperation(
  client: Client,
  entryPoint: Address,
  { hash, timeout = 60_000, pollingInterval = client.pollingInterval, fromBlock }: WaitTerms,
): Promise<OperationReceipt> {
  const deadline = Date.now() + timeout
  let [from, last]: [bigint | undefined, unknown] = [fromBlock, undefined]
  do {
    try {
      from ??= await recently(client)
      const [log] = await getLogs(client, {
        address: entryPoint,
        event: USER_OPERATION_EVENT,
        args: { userOpHash: hash },
        fromBlock: from,
      })
      if (log !== undefined) {
        const receipt = await getTransactionReceipt(client, { hash: log.transactionHash })
        const landed = await readReceipt(entryPoint, hash, receipt)
        if (landed !== undefined) return landed
      }
    } catch (error) {
      last = error
    }
    await new Promise((resolve) => setTimeout(resolve, pollingInterval))
  } while (Date.now() < deadline)
  throw new SessionRefused(
    'NotLanded',
    `operation ${hash} has not landed within ${timeout / 1000} seconds`,
    'wait for this hash again before it is sent anew: it may still land',
    { cause: last },
  )
}

async function recently(client: Client): Promise<bigint> {
  const newest = await getBlockNumber(client)
  return newest > 1_000n ? newest - 1_000n : 0n
}

/** Finds an operation in the receipt of its bundle: behind the event of the operation before it, up
 * to its own. */
async function readReceipt(
  entryPoint: Address,
  hash: Hash,
  receipt: TransactionReceipt,
): Promise<OperationReceipt | undefined> {
  let own: Log[] = []
  let reason: string | undefined
  for (const log of receipt.logs) {
    const event = isAddressEqual(log.address, entryPoint) ? decode(log) : undefined
    if (event?.eventName === 'UserOperationEvent' && event.args.userOpHash === hash) {
      const { success, actualGasCost, actualGasUsed } = event.args
      return { hash, success, reason, actualGasCost, actualGasUsed, logs: own, receipt }
    }
    if (event?.eventName === 'UserOperationRevertReason' && event.args.userOpHash === hash) {
      const { explain } = await import('../errors/explain.js')
      reason = explain(event.args.revertReason)
    }
    const isWithin = event === undefined || event.eventName === 'UserOperationRevertReason'
    own = isWithin ? [...own, log] : []
  }
  return undefined
}

function decode(log: Log) {
  const eventName = ['BeforeExecution', 'UserOperationEvent', 'UserOperationRevertReason'] as const
  return parseEventLogs({ abi: entryPoint07Abi, eventName: [...eventName], logs: [log] })[0]
}
