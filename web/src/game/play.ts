import { type Delegate, type Grant, SessionRefused } from 'smart-session'
import {
  type Address,
  type Hex,
  encodeFunctionData,
  isAddressEqual,
  parseAbi,
  parseAbiItem,
} from 'viem'
import { getLogs, readContract } from 'viem/actions'
import { type Connection, oldestBlock } from '../place/connection.ts'

const GAME = parseAbi([
  'function move(uint8 step) payable',
  'function withdraw(uint256 amount)',
  'function moves(address player) view returns (uint256)',
  'function stakes(address player) view returns (uint256)',
])
const MOVED = parseAbiItem('event Moved(address indexed player, uint8 step, uint256 value)')

/** The function that the game asks to be permitted. */
export const MOVE = 'move(uint8)'
/** Blocks; moves that are older are counted, and not drawn. */
const BLOCKS = 20_000n

/** One call of the game. */
export type Play = {
  readonly label: string
  readonly calls: { to: Address; data: Hex; value: bigint }[]
}

/** Moves so many steps, once or more, with a stake each. */
export function movePlay(game: Address, step: number, value: bigint, times = 1): Play {
  const data = encodeFunctionData({ abi: GAME, functionName: 'move', args: [step] })
  const label = times === 1 ? `Move ${step}` : `Move ${step}, ${times} times at once`
  return { label, calls: Array.from({ length: times }, () => ({ to: game, data, value })) }
}

/** Takes a stake back, which no session of this game permits. */
export function withdrawPlay(game: Address, amount: bigint): Play {
  const data = encodeFunctionData({ abi: GAME, functionName: 'withdraw', args: [amount] })
  return { label: 'Take the stake back', calls: [{ to: game, data, value: 0n }] }
}

/** Checks that a session is for this page's chain and module, and for this key.
 *
 * @throws SessionRefused if it is not. */
export function checkForKey({ module, chain }: Connection, grant: Grant, delegate: Delegate): void {
  if (!isAddressEqual(grant.module, module)) {
    throw new SessionRefused(
      'WrongAccount',
      `the session is for the module ${grant.module}, this page is for ${module}`,
      'ask for a session of this module, or change the settings',
    )
  }
  const { session } = grant
  if (
    !isAddressEqual(session.delegate, delegate.address) ||
    session.delegateKind !== delegate.kind
  ) {
    throw new SessionRefused(
      'WrongKey',
      `the session is for the key ${session.delegate}, this browser's is ${delegate.address}`,
      'ask for a session for this key',
    )
  }
  if (!session.chains.some(({ chainId }) => chainId === BigInt(chain.id))) {
    const what = `the session does not hold on chain ${chain.id}`
    throw new SessionRefused('ChainNotListed', what, 'ask for one that does')
  }
}

/** Where an account stands in the game. */
export type Standing = { readonly moves: bigint; readonly stake: bigint; readonly square: number }

/** Squares on the board. */
export const SQUARES = 24

/** Reads where an account stands. */
export async function readStanding(
  { client }: Connection,
  game: Address,
  player: Address,
): Promise<Standing> {
  const fromBlock = await oldestBlock(client, BLOCKS)
  const ask = { address: game, abi: GAME, args: [player] } as const
  const [moves, stake, moved] = await Promise.all([
    readContract(client, { ...ask, functionName: 'moves' }),
    readContract(client, { ...ask, functionName: 'stakes' }),
    getLogs(client, { address: game, event: MOVED, args: { player }, fromBlock, strict: true }),
  ])
  const steps = moved.reduce((sum, { args: { step } }) => sum + step, 0)
  return { moves, stake, square: steps % SQUARES }
}
