import { SessionRefused } from 'smart-session'
import {
  type Address,
  type Chain,
  type Client,
  type PublicClient,
  createPublicClient,
  defineChain,
  http,
} from 'viem'
import { getBlock, getBlockNumber } from 'viem/actions'
import type { Place } from './place.ts'

/** A node that was asked once which chain it is of. */
export type Connection = {
  readonly client: PublicClient
  readonly chain: Chain
  readonly module: Address
}

/** How a node is asked: after so many milliseconds it counts as gone. */
const TERMS = { timeout: 15_000, retryCount: 1 }
/** The ids of chains that run on one machine: they answer at once, and are asked often. */
const DEVELOPMENT_CHAINS = [1337, 31337, 412346]
/** Questions in one request, at most: as many as the node is tried with. */
const MOST_AT_ONCE = 10
const BATCH = { batchSize: MOST_AT_ONCE }

/** Asks the node of a place which chain it is of, and holds it to that.
 *
 * @throws SessionRefused if the place is not complete, or the node is of another chain. */
export async function connect({ node, chainId, module }: Place): Promise<Connection> {
  if (node === undefined || module === undefined) {
    const what = node === undefined ? 'no node is named' : 'no session module is named'
    throw new SessionRefused('WrongChain', what, 'name it in the settings')
  }
  const plain = http(node, TERMS)
  const id = await createPublicClient({ transport: plain }).getChainId()
  if (chainId !== undefined && id !== chainId) {
    throw new SessionRefused(
      'WrongChain',
      `the node is of chain ${id}, this page is set to chain ${chainId}`,
      'name a node of that chain in the settings, or change the chain there',
    )
  }
  const chain = defineChain({
    id,
    name: id === 412346 ? 'development chain' : `chain ${id}`,
    nativeCurrency: { name: 'Ether', symbol: 'ETH', decimals: 18 },
    rpcUrls: { default: { http: [node] } },
  })
  const pollingInterval = DEVELOPMENT_CHAINS.includes(id) ? 10 : 1_000
  const transport = (await takesBatches(node, id)) ? http(node, { ...TERMS, batch: BATCH }) : plain
  const client = createPublicClient({ chain, transport, pollingInterval })
  return { client: client as PublicClient, chain, module }
}

/** Whether a node answers as many questions in one request as it will be asked: what is asked at a time
 * then takes one. */
async function takesBatches(node: string, chainId: number): Promise<boolean> {
  const transport = http(node, { ...TERMS, retryCount: 0, batch: BATCH })
  const client = createPublicClient({ transport })
  try {
    // Not by getChainId, which asks once for all that want to know at a time.
    const ask = () => client.request({ method: 'eth_chainId' })
    const ids = await Promise.all(Array.from({ length: MOST_AT_ONCE }, ask))
    return ids.every((id) => Number(id) === chainId)
  } catch {
    return false
  }
}

/** Returns the first of the newest blocks, or the oldest one that a node has: of older ones it has no
 * events.
 *
 * @param most how many blocks are looked at. */
export async function oldestBlock(client: Client, most: bigint): Promise<bigint> {
  const [newest, oldest] = await Promise.all([
    getBlockNumber(client),
    // A node that does not say so may have all of them.
    getBlock(client, { blockTag: 'earliest' }).then(
      ({ number }) => number,
      () => 0n,
    ),
  ])
  const wanted = newest > most ? newest - most : 0n
  return wanted > oldest ? wanted : oldest
}

/** Checks that the node still is of its chain: what is signed is signed for that one.
 *
 * @throws SessionRefused if it is not. */
export async function checkChain({ client, chain }: Connection): Promise<void> {
  const id = await client.getChainId()
  if (id === chain.id) return
  throw new SessionRefused(
    'WrongChain',
    `the node is of chain ${id} now, it was of chain ${chain.id}`,
    'load the page again with the node that you mean',
  )
}
