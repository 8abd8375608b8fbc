import assert from 'node:assert/strict'
import test from 'node:test'
import { sessionId } from 'smart-session'
import { packSession, smartSessionAbi } from 'smart-session/format'
import { listSessions } from 'smart-session/owner'
import {
  type Hex,
  HttpRequestError,
  createPublicClient,
  custom,
  encodeAbiParameters,
  encodeEventTopics,
  hexToBigInt,
  http,
  numberToHex,
  pad,
} from 'viem'
import { ALICE, MODULE, game, repeat, rich } from '../sessions.js'

type Range = { fromBlock: Hex; toBlock: Hex; topics: [Hex[], Hex] }
type NodeLog = { blockNumber: bigint; topics: Hex[]; data: Hex; address?: Hex }
type Limits = {
  /** The most blocks that are answered about at once. */
  most?: bigint
  /** The oldest block that the node has, if it says so. */
  earliest?: bigint
  /** The oldest block that it has events of. */
  kept?: bigint
  /** What every question for events fails with. */
  failure?: Error
  /** Whether the node answers the events of all accounts and contracts, whichever are asked for. */
  ofAll?: boolean
}

/** A node of 100,000 blocks. */
function nodeWith(
  logs: NodeLog[],
  { most = 100_000n, earliest, kept = 0n, failure, ofAll = false }: Limits,
) {
  const asked: [bigint, bigint][] = []
  const client = createPublicClient({
    transport: custom(
      {
        async request({ method, params }: { method: string; params: [Range] }) {
          if (method === 'eth_blockNumber') return numberToHex(99_999)
          if (method === 'eth_getBlockByNumber') {
            if (earliest === undefined) throw new Error('no block is called so')
            return { number: numberToHex(earliest), timestamp: '0x1', transactions: [] }
          }
          if (method !== 'eth_getLogs') throw new Error(`nobody expects ${method}`)
          const [from, to] = [hexToBigInt(params[0].fromBlock), hexToBigInt(params[0].toBlock)]
          asked.push([from, to])
          if (failure !== undefined) throw failure
          if (to - from >= most) throw new Error('the range is too large')
          if (from < kept) throw new Error('pruned history unavailable')
          const [names, account] = params[0].topics
          return logs
            .filter(({ blockNumber }) => from <= blockNumber && blockNumber <= to)
            .filter(({ topics: [name, of] }) => names.includes(name!) && (ofAll || of === account))
            .map((log, i) => ({
              address: MODULE,
              ...log,
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

const BOB = repeat('b0')
/** The same event of another account. */
const ofBob = (log: NodeLog): NodeLog => {
  const [name, , ...rest] = log.topics
  return { ...log, topics: [name!, pad(BOB), ...rest] }
}

test('sessions are listed in their order, in pieces that the node takes', async () => {
  const later = { ...game, salt: 8n }
  const logs = [
    enabled(5n, game),
    ofBob(enabled(6n, game)),
    enabled(70_000n, rich),
    revoked(80_000n, game),
    enabled(99_999n, later),
  ]
  const { client, asked } = nodeWith(logs, { most: 10_000n })

  const { sessions, ...range } = await listSessions(client, MODULE, { account: ALICE })

  assert.deepEqual(
    sessions.map(({ id, blockNumber, isRevoked }) => [id, blockNumber, isRevoked]),
    [
      [sessionId(game), 5n, true],
      [sessionId(rich), 70_000n, false],
      [sessionId(later), 99_999n, false],
    ],
  )
  assert.equal(sessionId(sessions[1]!.session!), sessionId(rich))
  assert.deepEqual(range, { fromBlock: 0n, toBlock: 99_999n })
  const taken = asked.filter(([from, to]) => to - from < 10_000n)
  taken.forEach(([from], i) => assert.equal(from, i === 0 ? 0n : taken[i - 1]![1] + 1n))
  assert.equal(taken.at(-1)![1], 99_999n)
  // Pieces of 6,250: a longer one is tried after each, and not the whole again.
  assert.ok(asked.length < 40, `${asked.length} questions`)
})

test('a list begins at the oldest block that the node has, and says so', async () => {
  const logs = [enabled(5n, game), enabled(70_000n, rich)]
  const { client, asked } = nodeWith(logs, { earliest: 60_000n, kept: 60_000n })

  const { sessions, fromBlock } = await listSessions(client, MODULE, { account: ALICE })

  assert.deepEqual(sessions.map(({ id }) => id), [sessionId(rich)])
  assert.equal(fromBlock, 60_000n)
  assert.deepEqual(asked, [[60_000n, 99_999n]])
})

test('a node that has dropped events without saying so is told, with its words', async () => {
  const { client, asked } = nodeWith([enabled(70_000n, game)], { kept: 60_000n })

  await assert.rejects(listSessions(client, MODULE, { account: ALICE }), {
    code: 'EventsMissing',
    reason: 'no events of block 0 (pruned history unavailable)',
    remedy:
      'ask a node that keeps all events, or begin later (fromBlock)',
  })

  assert.ok(asked.length < 20, `${asked.length} questions`)
  const later = { account: ALICE, fromBlock: 60_000n }
  assert.equal((await listSessions(client, MODULE, later)).sessions.length, 1)
})

test('a node that cannot be reached, or refuses who asks, is not asked for less', async () => {
  const url = 'http://node.example'
  const refusals = [401, 403, 429].map((status) => new HttpRequestError({ url, status }))
  for (const failure of [new HttpRequestError({ url }), ...refusals]) {
    const { client, asked } = nodeWith([], { failure })

    await assert.rejects(listSessions(client, MODULE, { account: ALICE }), /HTTP request failed/)

    assert.deepEqual(asked, [[0n, 99_999n]])
  }
  // By these a server refuses what is too long.
  const { client, asked } = nodeWith([], { failure: new HttpRequestError({ url, status: 413 }) })
  await assert.rejects(listSessions(client, MODULE, { account: ALICE }), { code: 'EventsMissing' })
  assert.ok(asked.length > 10)
})

test('what HTTP and timeouts say is read through viem as they come', async () => {
  const refusing = (code: number) => async () =>
    Response.json({ jsonrpc: '2.0', id: 1, error: { code, message: 'slow down' } }, { status: 429 })
  const silent = (_: unknown, init?: RequestInit) =>
    new Promise<Response>((_resolve, reject) =>
      init?.signal?.addEventListener('abort', () => reject(new DOMException('', 'AbortError'))),
    )
  for (const fetchFn of [refusing(-32_000), refusing(-32_005), silent] as (typeof fetch)[]) {
    let questions = 0
    const counted: typeof fetch = (...request) => {
      questions += 1
      return fetchFn(...request)
    }
    const options = { fetchFn: counted, retryCount: 0, timeout: 50 }
    const client = createPublicClient({ transport: http('http://node.example', options) })

    const terms = { account: ALICE, fromBlock: 0n, toBlock: 99_999n }
    await assert.rejects(listSessions(client, MODULE, terms), /slow down|took too long/)

    assert.equal(questions, 1)
  }
})

test('an answer that is no list of events is not asked for again', async () => {
  let questions = 0
  const request = async () => {
    questions += 1
    return null
  }
  const client = createPublicClient({ transport: custom({ request }, { retryCount: 0 }) })

  const terms = { account: ALICE, fromBlock: 0n, toBlock: 99_999n }
  await assert.rejects(listSessions(client, MODULE, terms), TypeError)

  assert.equal(questions, 1)
})

test('events of another account or contract are not listed, whatever a node answers', async () => {
  const address = repeat('ee')
  const logs = [
    enabled(5n, game),
    ofBob(enabled(6n, rich)),
    ofBob(revoked(7n, game)),
    { ...enabled(8n, rich), address },
    { ...revoked(9n, game), address },
  ]
  const { client } = nodeWith(logs, { ofAll: true })

  const { sessions } = await listSessions(client, MODULE, { account: ALICE })

  assert.deepEqual(
    sessions.map(({ id, isRevoked }) => [id, isRevoked]),
    [[sessionId(game), false]],
  )
})

test('a session that cannot be read is listed by its id, among the others', async () => {
  const later = { ...enabled(6n, rich), data: encodeAbiParameters([{ type: 'bytes' }], ['0xff01']) }
  const { client } = nodeWith([enabled(5n, game), later, enabled(7n, { ...game, salt: 8n })], {})

  const { sessions } = await listSessions(client, MODULE, { account: ALICE })

  assert.deepEqual(
    sessions.map(({ id, session }) => [id, session === undefined]),
    [
      [sessionId(game), false],
      [sessionId(rich), true],
      [sessionId({ ...game, salt: 8n }), false],
    ],
  )
})

test('an event that shows another session than it names is refused', async () => {
  const lie = { ...enabled(5n, game), data: enabled(5n, rich).data }
  const { client } = nodeWith([lie], {})

  await assert.rejects(listSessions(client, MODULE, { account: ALICE }), {
    code: 'WrongHash',
    reason: `the event of ${sessionId(game)} shows another session`,
    remedy: 'ask another node',
  })
})

test('only the blocks that are asked for are looked through', async () => {
  const { client, asked } = nodeWith([enabled(5n, game)], {})

  assert.deepEqual(
    await listSessions(client, MODULE, { account: ALICE, fromBlock: 6n, toBlock: 99n }),
    { sessions: [], fromBlock: 6n, toBlock: 99n },
  )
  assert.deepEqual(asked, [[6n, 99n]])
})
