import { type Address, type Client, type Hex, encodeFunctionData, parseAbi } from 'viem'
import { type CreateAccessListParameters, createAccessList, estimateGas } from 'viem/actions'
import { isRefusal } from '../actions/isRefusal.js'
import { SessionRefused } from '../errors/sessionRefused.js'

const ACCOUNT = parseAbi([
  'function executeFromExecutor(bytes32 mode, bytes executionCalldata) returns (bytes[])',
])

/** What every transaction costs before anything runs. */
const TRANSACTION = 21_000n
/** Less than any account uses for a call: a node that says less cannot be right. */
const LEAST_CALL = 10_000n

/** Estimates the gas that the account's call of an order needs: what its `executeFromExecutor` uses,
 * with the module as sender, and a third more.
 *
 * A node's estimate is the least that passes, and a call that swallows the want of gas passes with
 * too little. So the node is also asked what the call uses where it has plenty
 * (`eth_createAccessList`), if it knows that question, and the greater of the two is taken.
 *
 * @throws {@link SessionRefused} if the calls fail, as things stand, or use more gas than an order
 * can ask for. */
export async function orderGas(
  client: Client,
  module: Address,
  account: Address,
  { mode, executionCalldata }: { mode: Hex; executionCalldata: Hex },
  calls: number,
): Promise<number> {
  const args = [mode, executionCalldata] as const
  const data = encodeFunctionData({ abi: ACCOUNT, functionName: 'executeFromExecutor', args })
  const call = { account: module, to: account, data }
  const asked = Promise.all([estimateGas(client, call), usedGas(client, call)])
  const [least, used] = await asked.catch(async (cause: unknown) => {
    // The words for errors are loaded when one is met.
    const { orderFailure } = await import('./orderFailure.js')
    throw await orderFailure(client, module, account, cause)
  })
  const inside = most(most(least, used) - TRANSACTION, LEAST_CALL * BigInt(calls))
  const gas = inside + (inside + 2n) / 3n
  if (gas < 2n ** 32n) return Number(gas)
  const reason = `the calls use ${inside} gas, more than any order can ask for`
  throw new SessionRefused('NumberTooWide', reason, 'make fewer calls at once')
}

/** Asks what a call uses where it has plenty of gas; 0 where the node does not know the question. */
async function usedGas(client: Client, call: CreateAccessListParameters): Promise<bigint> {
  try {
    return (await createAccessList(client, call)).gasUsed
  } catch (error) {
    if (isRefusal(error)) return 0n
    throw error
  }
}

const most = (a: bigint, b: bigint) => (a > b ? a : b)
