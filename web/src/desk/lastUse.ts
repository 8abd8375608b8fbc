import type { Session } from 'smart-session'
import {
  type Hex,
  decodeFunctionData,
  isAddressEqual,
  numberToHex,
  parseAbiItem,
  size,
  slice,
} from 'viem'
import { entryPoint07Abi, entryPoint07Address } from 'viem/account-abstraction'
import { getBlock, getLogs, getTransaction } from 'viem/actions'
import type { AccountFacts } from '../place/account.ts'
import { type Connection, oldestBlock } from '../place/connection.ts'

/** When a session was used by a user operation, as far back as was looked. */
export type LastUse = {
  readonly at: number
  readonly success: boolean
  readonly isOf: (session: Session) => boolean
}

const EVENT = parseAbiItem(
  'event UserOperationEvent(bytes32 indexed userOpHash, address indexed sender, address indexed paymaster, uint256 nonce, bool success, uint256 actualGasCost, uint256 actualGasUsed)',
)
/** How many blocks and operations are looked at: it is told, nothing hangs on it. */
const BLOCKS = 20_000n
const OPERATIONS = 40

/** Looks for an account's newest operations that were the module's to validate, the newest first. */
export async function readLastUses(
  { client, module }: Connection,
  { address }: AccountFacts,
): Promise<LastUse[]> {
  const logs = await getLogs(client, {
    address: entryPoint07Address,
    event: EVENT,
    args: { sender: address },
    fromBlock: await oldestBlock(client, BLOCKS),
    strict: true,
  }).catch(() => [])
  // The key of a nonce names the validator, in every kind of account and lane.
  const named = module.slice(2).toLowerCase()
  const ours = logs.filter(({ args }) => numberToHex(args.nonce, { size: 32 }).includes(named))
  const found = await Promise.all(
    ours.slice(-OPERATIONS).map(async ({ transactionHash: hash, blockNumber, args }) => {
      const [{ input }, { timestamp }] = await Promise.all([
        getTransaction(client, { hash }),
        getBlock(client, { blockNumber }),
      ])
      const signature = signatureIn(input, args.nonce)
      const head = signature === undefined ? undefined : readHead(signature)
      if (head === undefined) return undefined
      const isOf = ({ delegate, validAfter, validUntil }: Session) =>
        isAddressEqual(delegate, head.delegate) &&
        validAfter === head.validAfter &&
        validUntil === head.validUntil
      return { at: Number(timestamp), success: args.success, isOf }
    }),
  )
  return found.filter((use) => use !== undefined).reverse()
}

function signatureIn(input: Hex, nonce: bigint): Hex | undefined {
  try {
    const { functionName, args } = decodeFunctionData({ abi: entryPoint07Abi, data: input })
    if (functionName !== 'handleOps') return undefined
    return args[0].find((operation) => operation.nonce === nonce)?.signature
  } catch {
    return undefined
  }
}

/** Reads what a packed session begins with: mode, chains (whole or as hashes), delegate, its kind,
 * window. */
function readHead(signature: Hex) {
  let at = 1
  const take = (length: number) => {
    if (at + length > size(signature)) throw new Error('cut off')
    at += length
    return slice(signature, at - length, at)
  }
  try {
    for (let chains = Number(take(1)); chains > 0; chains -= 1) {
      if (Number(take(1)) === 0) {
        take(32)
        continue
      }
      for (const _ of ['chainId', 'epoch']) {
        const length = Number(take(1))
        if (length > 0) take(length)
      }
    }
    const delegate = take(20)
    take(1)
    return { delegate, validAfter: Number(take(6)), validUntil: Number(take(6)) }
  } catch {
    return undefined
  }
}
