import assert from 'node:assert/strict'
import test from 'node:test'
import { sessionId } from 'smart-session'
import { packSession, smartSessionAbi } from 'smart-session/format'
import { listSessions } from 'smart-session/owner'
import {
  type Hex,
  createPublicClient,
  custom,
  encodeAbiParameters,
  encodeEventTopics,
  hexToBigInt,
  numberToHex,
  pad,
} from 'viem'
import { ALICE, MODULE, game, rich } from '../sessions.js'

type Range = { fromBlock: Hex; toBlock: Hex; topics: (Hex | Hex[] | null)[] }

/** A node that refuses ranges of more than `most` blocks. */
function nodeWith(logs: { blockNumber: bigint; topics: Hex[]; data: Hex }[], most: bigint) {
  const asked: [bigint, bigint][] = []
  const client = createPublicClient({
    transport: custom(
      {
        async request({ method, params }: { method: string; params: [Range] }) {
          if (method === 'eth_blockNumber') return numberToHex(99_999)
          if (method !== 'eth_getLogs') throw new Error(`nobody expects ${method}`)
          const [from, to] = [hexToBigInt(params[0].fromBlock), hexToBigInt(params[0].toBlock)]
          asked.push([from, to])
          if (to - from >= most) throw new Error('the range is too large')
          return logs
            .filter(({ blockNumber }) => from <= blockNumber && blockNumber <= to)
            .map((log, i) => ({
              ...log,
              address: MODULE,
              blockNumber: numberToHex(log.blockNumber),
              transactionHash: pad('0x7a'),
              logIndex: numberToHex(i),
            }))
        },
      },
      { retryCount: 0 },
    ),
  })
  return { client, asked }
}

const enabled = (blockNumber: bigint, session: typeof game) => ({
  blockNumber,
  topics: encodeEventTopics({
    abi: smartSessionAbi,
    eventName: 'SessionEnabled',
    args: { account: ALICE, sessionId: sessionId(session), delegate: session.delegate },
  }) as Hex[],
  data: encodeAbiParameters([{ type: 'bytes' }], [packSession(session)]),
})
const revoked = (blockNumber: bigint, session: typeof game) => ({
  blockNumber,
  topics: encodeEventTopics({
    abi: smartSessionAbi,
    eventName: 'SessionRevoked',
    args: { account: ALICE, sessionId: sessionId(session), revoker: ALICE },
  }) as Hex[],
  data: encodeAbiParameters([{ type: 'uint8' }], [1]),
})

test('sessions are listed in their order, in pieces that the node takes', async () => {
  const later = { ...game, salt: 8n }
  const logs = [
    enabled(5n, game),
    enabled(70_000n, rich),
    revoked(80_000n, game),
    enabled(99_999n, later),
  ]
  const { client, asked } = nodeWith(logs, 10_000n)

  const found = await listSessions(client, MODULE, { account: ALICE })

  assert.deepEqual(
    found.map(({ id, blockNumber, isRevoked }) => [id, blockNumber, isRevoked]),
    [
      [sessionId(game), 5n, true],
      [sessionId(rich), 70_000n, false],
      [sessionId(later), 99_999n, false],
    ],
  )
  assert.equal(sessionId(found[1]!.session), sessionId(rich))
  const taken = asked
    .filter(([from, to]) => to - from < 10_000n)
    .sort(([a], [b]) => (a < b ? -1 : 1))
  taken.forEach(([from], i) => assert.equal(from, i === 0 ? 0n : taken[i - 1]![1] + 1n))
  assert.equal(taken.at(-1)![1], 99_999n)
})

test('a node that refuses every range is not asked for ever', async () => {
  const { client, asked } = nodeWith([], 0n)

  await assert.rejects(listSessions(client, MODULE, { account: ALICE }), /too large/)

  assert.ok(asked.length < 20, `${asked.length} questions`)
})

test('only the blocks that are asked for are looked through', async () => {
  const { client, asked } = nodeWith([enabled(5n, game)], 1_000n)

  assert.deepEqual(
    await listSessions(client, MODULE, { account: ALICE, fromBlock: 6n, toBlock: 99n }),
    [],
  )
  assert.deepEqual(asked, [[6n, 99n]])
})
