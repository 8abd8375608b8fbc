import assert from 'node:assert/strict'
import test from 'node:test'
import {
  type Delegate,
  type Order,
  type OrderTerms,
  type Session,
  orderCall,
  p256Delegate,
  secp256k1Delegate,
  signOrder,
  webAuthnDelegate,
} from 'smart-session'
import { orderDigest, packSession, smartSessionAbi } from 'smart-session/format'
import {
  type Hex,
  concat,
  createPublicClient,
  custom,
  decodeFunctionData,
  encodeAbiParameters,
  encodeFunctionData,
  keccak256,
  numberToHex,
  parseAbi,
  parseAbiParameters,
  recoverAddress,
  size,
  stringToHex,
  zeroAddress,
} from 'viem'
import { type Answers, imagine } from '../chain.js'
import { p256Keys, passkey, pointOf } from '../keys.js'
import { read } from '../repository.js'
import { ALICE, GAME, MODULE, MOMENT, MOVE, game, repeat } from '../sessions.js'

const delegate = secp256k1Delegate(`0x${'07'.repeat(32)}`)
const session: Session = { ...game, delegate: delegate.address }
const BOB = repeat('b0')
const now = () => MOMENT
const move = { to: GAME, data: MOVE, value: 5n }

async function sign(change: Partial<OrderTerms> = {}, answers: Answers = {}): Promise<Order> {
  const { client } = await imagine(ALICE, { status: 1, orderNonce: 4, blockTime: now, ...answers })
  return signOrder(client, { module: MODULE, session, delegate, calls: [move], now, ...change })
}

/** EIP-712, by hand. */
function digestOf({ sessionId, disclosed, mode, executionCalldata, ...bounds }: Order): Hex {
  const type =
    'SessionExecution(bytes32 sessionId,bytes32 disclosure,uint256 chainId,bytes32 mode,' +
    'bytes32 executions,uint24 nonce,uint48 deadline,uint32 gas,address relayer)'
  const domainType = 'EIP712Domain(string name,string version,address verifyingContract)'
  const hash = (text: string) => keccak256(stringToHex(text))
  const domain = encodeAbiParameters(parseAbiParameters('bytes32, bytes32, bytes32, address'), [
    hash(domainType),
    hash('Smart Session'),
    hash('1'),
    MODULE,
  ])
  const words = 'bytes32, bytes32, bytes32, uint256, bytes32, bytes32, uint24, uint48, uint32, address'
  const struct = encodeAbiParameters(parseAbiParameters(words), [
    hash(type),
    sessionId,
    keccak256(disclosed),
    42161n,
    mode,
    keccak256(executionCalldata),
    bounds.nonce,
    bounds.deadline,
    bounds.gas,
    bounds.relayer,
  ] as never)
  return keccak256(concat(['0x1901', keccak256(domain), keccak256(struct)]))
}

test('an order is signed over its session, chain, calls and bounds', async () => {
  const order = await sign({ relayer: BOB })

  const packed = packSession(session, { chainId: 42161n, permissions: [0], signing: [] })
  assert.equal(order.disclosed, concat(['0x00', packed, '0x00']))
  assert.equal(order.packed, order.disclosed)
  assert.equal(orderDigest(order), digestOf(order))
  const { signature } = order
  assert.equal(await recoverAddress({ hash: digestOf(order), signature }), delegate.address)
})

test('the call that brings an order has its bounds before the signature', async () => {
  const order = await sign({ relayer: BOB, gas: 70_000, deadline: MOMENT + 60 })

  const { to, data } = orderCall(order)
  const { functionName, args } = decodeFunctionData({ abi: smartSessionAbi, data })
  const [account, packed, mode, executionCalldata, bytes] = args as readonly Hex[]
  assert.deepEqual([to, functionName, account!.toLowerCase()], [MODULE, 'executeFor', ALICE])
  assert.equal(packed, order.packed)
  assert.equal(mode, `0x${'00'.repeat(32)}`)
  const value = numberToHex(5, { size: 32 })
  assert.equal(executionCalldata, concat([GAME, value, MOVE]))
  const head = ['0x000004', numberToHex(MOMENT + 60, { size: 6 }), '0x00011170', BOB] as const
  assert.equal(bytes, concat([...head, order.signature]))
})

test('an order enables with the signature of the owner, which the delegate does not sign', async () => {
  const [one, other] = [
    await sign({ ownerSignature: '0x0e0e' }, { status: 0 }),
    await sign({ ownerSignature: '0x0e0e0e' }, { status: 0 }),
  ]

  assert.equal(one.packed, concat(['0x01', packSession(session), '0x00', '0x00020e0e']))
  assert.equal(one.disclosed, concat(['0x01', packSession(session), '0x00']))
  assert.equal(one.signature, other.signature)
  await assert.rejects(sign({}, { status: 0 }), { code: 'SessionNotEnabled' })
  await assert.rejects(sign({}, { status: 2 }), { code: 'SessionRevokedForEver' })
})

/** What the passkey signs. */
const CLIENT_DATA = JSON.stringify({
  type: 'webauthn.get',
  challenge: 'x'.repeat(43),
  origin: 'https://game.example',
  crossOrigin: false,
})

test('keys of every kind sign orders', async () => {
  const keys = await p256Keys()
  const all: [Delegate, number][] = [
    [delegate, 65],
    [await p256Delegate(keys), 128],
    [webAuthnDelegate(passkey(keys, await pointOf(keys))), 2 + 37 + 2 + CLIENT_DATA.length + 128],
  ]
  for (const [key, length] of all) {
    const own = { ...session, delegate: key.address, delegateKind: key.kind }

    const { signature } = await sign({ session: own, delegate: key })

    assert.equal(size(signature), length)
  }
})

test('an order has the next nonce, five minutes, and is for anyone unless more is said', async () => {
  const { nonce, deadline, relayer, chainId, epoch } = await sign()
  assert.deepEqual(
    { nonce, deadline, relayer, chainId, epoch },
    { nonce: 4, deadline: MOMENT + 300, relayer: zeroAddress, chainId: 42161n, epoch: 0n },
  )

  // The later of the two clocks counts.
  const ahead = await sign({}, { blockTime: () => MOMENT + 50 })
  assert.equal(ahead.deadline, MOMENT + 350)
})

test('a block of a time to come lets no order live on', async () => {
  const at = (seconds: number) => sign({}, { blockTime: () => MOMENT + seconds })

  assert.equal((await at(300)).deadline, MOMENT + 600)
  await assert.rejects(at(301), { code: 'ClocksDiffer' })
  // A chain that stands still lets it end no later.
  assert.equal((await at(-86_400)).deadline, MOMENT + 300)
})

test('the node is asked for the gas of the call of the account, in the name of the module', async () => {
  const asked: { from: Hex; to: Hex; data: Hex }[] = []
  const answer = (call: (typeof asked)[number]) => (asked.push(call), numberToHex(90_001))

  const order = await sign({}, { estimateOf: answer, usedOf: answer })

  const abi = parseAbi(['function executeFromExecutor(bytes32 mode, bytes executionCalldata)'])
  const args = [order.mode, order.executionCalldata] as const
  const data = encodeFunctionData({ abi, args })
  assert.deepEqual(
    asked.map(({ from, to, data }) => [from, to, data]),
    [
      [MODULE, ALICE, data],
      [MODULE, ALICE, data],
    ],
  )
})

type OrderGas = { least: number; used: number | null; calls: number; gas: number | null }
const { vectors } = JSON.parse(read('tests/vectors/order-gas.json')) as { vectors: OrderGas[] }

test('orders ask for the gas that the shared vectors say', async () => {
  assert.ok(vectors.length > 10)
  for (const { least, used, calls, gas } of vectors) {
    const asked = sign(
      { calls: Array.from({ length: calls }, () => move) },
      {
        estimateOf: () => numberToHex(least),
        ...(used === null ? {} : { usedOf: () => numberToHex(used) }),
      },
    )
    if (gas === null) {
      await assert.rejects(asked, { code: 'NumberTooWide', remedy: 'make fewer calls at once' })
    } else assert.equal((await asked).gas, gas, JSON.stringify({ least, used, calls }))
  }
})

test('all that is asked for an order is asked at once', async () => {
  const usedOf = (): Hex => '0x5208'
  const { client } = await imagine(ALICE, { status: 1, blockTime: now, usedOf })
  const rounds: string[][] = []
  let waiting = 0
  const request = async (asked: { method: string }) => {
    if (waiting === 0) rounds.push([])
    rounds.at(-1)?.push(asked.method)
    waiting += 1
    await new Promise((resolve) => setTimeout(resolve, 20))
    waiting -= 1
    return client.request(asked as never)
  }
  const slow = createPublicClient({ transport: custom({ request }) })

  await signOrder(slow, { module: MODULE, session, delegate, calls: [move], now })

  assert.deepEqual(rounds.map((round) => round.sort()), [
    [
      'eth_call',
      'eth_chainId',
      'eth_createAccessList',
      'eth_estimateGas',
      'eth_getBlockByNumber',
    ],
  ])
})

test('calls that fail are refused with their reason, unless the gas is given', async () => {
  const estimateOf = () => {
    const data = '0xcc7ad2c5'
    throw Object.assign(new Error('execution reverted'), { code: 3, data })
  }

  await assert.rejects(sign({}, { estimateOf, isInstalled: true }), {
    code: 'Rejected',
    message: /the account ran nothing.*give gas if an order before this one/,
  })
  await assert.rejects(sign({}, { estimateOf, isInstalled: false }), { code: 'NotInstalled' })
  assert.equal((await sign({ gas: 5 }, { estimateOf })).gas, 5)
})

test('bounds that are none are refused', async () => {
  const refused = (change: Partial<OrderTerms>, code: string, answers: Answers = {}) =>
    assert.rejects(sign(change, answers), { name: 'SessionRefused', code })

  await refused({ deadline: MOMENT }, 'RefusedDeadline')
  await refused({ deadline: MOMENT + 86_401 }, 'RefusedDeadline')
  await refused({ deadline: MOMENT + 0.5 }, 'RefusedDeadline')
  await refused({ deadline: (MOMENT + 60) * 1_000 }, 'RefusedDeadline')
  assert.equal((await sign({ deadline: MOMENT + 86_400 })).deadline, MOMENT + 86_400)
  await refused({ nonce: 3 }, 'WrongOrderNonce')
  await refused({ nonce: 2 ** 24 - 1 }, 'OrdersUsedUp')
  await refused({}, 'OrdersUsedUp', { orderNonce: 2 ** 24 - 1 })
  assert.equal((await sign({}, { orderNonce: 2 ** 24 - 2 })).nonce, 2 ** 24 - 2)
  await refused({ gas: 0 }, 'NoMinimumGas')
  assert.equal((await sign({ gas: 0, relayer: BOB })).gas, 0)
  await refused({ gas: 2 ** 32 }, 'NumberTooWide')
  await refused({ gas: -1 }, 'NumberTooWide')
  await refused({ relayer: '0x12' }, 'MalformedAddress')
})

test('what is not for delegate, chain, window or session is not signed', async () => {
  let signed = 0
  const counting = { ...delegate, sign: async () => ((signed += 1), '0x' as const) }
  const refused = (change: Partial<OrderTerms>, code: string, answers: Answers = {}) =>
    assert.rejects(sign({ delegate: counting, ...change }, answers), { code })

  await refused({ session: game }, 'WrongKey')
  await refused({}, 'WrongChain', { chainId: 1 })
  await refused({ session: { ...session, chains: [{ chainId: 1n, epoch: 0n }] } }, 'ChainNotListed')
  await refused({ now: () => session.validUntil + 1 }, 'OutsideWindow')
  await refused({ calls: [{ to: BOB }] }, 'NotPermitted')
  await refused({ calls: [] }, 'NoExecution')
  assert.equal(signed, 0)
})
