import assert from 'node:assert/strict'
import test from 'node:test'
import { ANY_PAYMASTER, NO_PAYMASTER } from 'smart-session'
import {
  type Delegation,
  type Imported,
  type PermissionRequest,
  fromDelegation,
  fromKernelPermission,
  fromPermissionRequest,
  fromSmartSession,
} from 'smart-session/from'
import { type Hex, concat, encodeAbiParameters, numberToHex, pad, parseAbiParameters } from 'viem'
import { ALICE, GAME, MODULE, repeat } from '../sessions.js'
import { OWNER, PAYMASTERS, START, TARGETS } from './generate.js'
import { SMART_SESSION_MOVES, SUDO, TERMS } from './moves.js'

const USAGE = '0x00000000001d4479FA2A947026204d0283ceDe4B'
const [TOKEN] = TARGETS as [Hex]
const paths = ({ refusals = [] }: Imported) => refusals.map(({ path }) => path).sort()
const refusedAt = (imported: Imported, ...expected: string[]) =>
  assert.deepEqual(paths(imported), expected.sort())

test('everything that a SmartSession session says and no session can is told at once', () => {
  const [action] = SMART_SESSION_MOVES.actions
  const imported = fromSmartSession(
    {
      ...SMART_SESSION_MOVES,
      chainId: 1n,
      sessionValidator: repeat('11'),
      userOpPolicies: [
        { policy: repeat('12'), initData: '0x' },
        { policy: USAGE, initData: '0x00' },
      ],
      actions: [
        action!,
        action!,
        { ...action!, actionTarget: '0x0000000000000000000000000000000000000001' },
        { ...action!, actionTargetSelector: '0x00000000' },
        { ...action!, actionTarget: '0x00000000002B0eCfbD0496EE71e01257dA0E37DE' },
        { ...action!, actionTarget: ALICE },
        { ...action!, actionTarget: TOKEN, actionPolicies: [] },
        'nonsense' as never,
      ],
      erc7739Policies: {
        allowedERC7739Content: [
          { appDomainSeparator: pad('0x01'), contentName: ['Permit', 'Mail(string text)'] },
        ],
        erc1271Policies: [SUDO, { policy: USAGE, initData: pad('0x05', { size: 16 }) }],
      },
    },
    TERMS,
  )

  assert.equal(imported.session, undefined)
  refusedAt(
    imported,
    'chainId',
    'sessionValidator',
    'userOpPolicies[0]',
    'userOpPolicies[1].initData',
    'actions[1]',
    'actions[2].actionTarget',
    'actions[3].actionTargetSelector',
    'actions[4].actionTarget',
    'actions[5]',
    'actions[6].actionPolicies',
    'actions[7].actionPolicies',
    'actions[7].actionTarget',
    'actions[7].actionTargetSelector',
    'erc7739Policies.allowedERC7739Content[0].contentName[0]',
    'erc7739Policies.erc1271Policies[1]',
  )
})

test('a SmartSession action may not name what the module bans', () => {
  const [action] = SMART_SESSION_MOVES.actions
  const banned = [ALICE, MODULE, '0x0000000071727De22E5E9d8BAf0edAc6f37da032'] as const
  const actions = banned.map((actionTarget) => ({ ...action!, actionTarget }))

  refusedAt(
    fromSmartSession({ ...SMART_SESSION_MOVES, actions }, TERMS),
    'actions[0]',
    'actions[1]',
    'actions[2]',
  )
})

test('SmartSession’s selector for no calldata becomes a plain transfer, not any call', () => {
  const actions = [
    { ...SMART_SESSION_MOVES.actions[0]!, actionTargetSelector: '0xffffffff' as const },
  ]
  const { session } = fromSmartSession({ ...SMART_SESSION_MOVES, actions }, TERMS)

  assert.equal(session?.permissions[0]?.selector, '0x00000000')
})

test('messages are imported by their whole type, and signed nothing without a policy', () => {
  const content = {
    appDomainSeparator: pad('0x0d'),
    // keccak256 of the text, computed by cast.
    contentName: ['Mail(string text)'],
  }
  const erc7739Policies = { allowedERC7739Content: [content], erc1271Policies: [SUDO] }
  const { session } = fromSmartSession({ ...SMART_SESSION_MOVES, erc7739Policies }, TERMS)
  const silent = fromSmartSession(
    { ...SMART_SESSION_MOVES, erc7739Policies: { ...erc7739Policies, erc1271Policies: [] } },
    TERMS,
  )

  const typeHash = '0x7cd016f8a34e504938b182a791f2c083a46fc0b301fc9d15f70e9aeaca559283'
  assert.deepEqual(session?.signing, [{ domainSeparator: pad('0x0d'), typeHash, rules: [] }])
  assert.deepEqual(silent.session?.signing, [])
})

test('everything that a Kernel permission says and no session can is told at once', () => {
  const call = encodeAbiParameters(
    parseAbiParameters([
      'P[] p',
      'struct P { bytes1 callType; address target; bytes4 selector; uint256 valueLimit; R[] rules; }',
      'struct R { uint8 condition; uint64 offset; bytes32[] params; }',
    ]),
    [
      [
        { callType: '0xff', target: GAME, selector: '0x12345678', valueLimit: 0n, rules: [] },
        {
          callType: '0x00',
          target: repeat('00'),
          selector: '0x12345678',
          valueLimit: 0n,
          rules: [],
        },
        { callType: '0x00', target: GAME, selector: '0xffffffff', valueLimit: 0n, rules: [] },
        {
          callType: '0x00',
          target: GAME,
          selector: '0x12345678',
          valueLimit: 0n,
          rules: [
            { condition: 7, offset: 0n, params: [pad('0x00'), pad('0x01'), pad('0x02')] },
            { condition: 0, offset: 31n, params: [pad('0x00')] },
            { condition: 0, offset: 0n, params: [] },
            { condition: 6, offset: 32n, params: [] },
          ],
        },
      ],
    ],
  )
  const entries: Hex[] = [
    concat(['0x0000', '0x9a52283276A0ec8740DF50bF01B28A80D880eaf2', call]),
    // Three operations, one hour apart.
    concat([
      '0x0000',
      '0xf63d4139B25c836334edD76641356c6b74C86873',
      numberToHex(3_600, { size: 6 }),
      numberToHex(3, { size: 6 }),
      numberToHex(0, { size: 6 }),
    ]),
    concat(['0x0000', repeat('77')]),
    concat(['0x0001', '0x6A6F069E2a08c2468e7724Ab3250CdBFBA14D4FF', OWNER]),
  ]
  const enableData = encodeAbiParameters(parseAbiParameters('bytes[]'), [entries])

  refusedAt(
    fromKernelPermission({ enableData }, TERMS),
    'policies[0].permissions[0].callType',
    'policies[0].permissions[1].target',
    'policies[0].permissions[2].selector',
    'policies[0].permissions[3]',
    'policies[0].permissions[3].rules[0]',
    'policies[0].permissions[3].rules[1]',
    'policies[0].permissions[3].rules[2]',
    'policies[1]',
    'policies[2]',
    'signer',
  )
  refusedAt(fromKernelPermission({ enableData: '0x1234' }, TERMS), 'enableData')
})

test('a Kernel permission for every call is refused', () => {
  const entries: Hex[] = [
    concat(['0x0000', '0x67b436caD8a6D025DF6C82C5BB43fbF11fC5B9B7']),
    concat(['0x0000', '0x6A6F069E2a08c2468e7724Ab3250CdBFBA14D4FF', OWNER]),
  ]
  const enableData = encodeAbiParameters(parseAbiParameters('bytes[]'), [entries])

  refusedAt(fromKernelPermission({ enableData }, TERMS), 'policies')
})

const DELEGATION: Delegation = {
  delegate: OWNER,
  delegator: ALICE,
  authority: `0x${'ff'.repeat(32)}`,
  caveats: [],
}

test('everything that a delegation says and no session can is told at once', () => {
  const imported = fromDelegation(
    {
      ...DELEGATION,
      delegator: repeat('b0'),
      authority: pad('0x01'),
      delegate: '0x0000000000000000000000000000000000000a11',
      caveats: [
        { enforcer: '0xD10b97905a320b13a0608f7E9cC506b56747df19', terms: '0x' },
        { enforcer: repeat('99'), terms: '0x' },
        { enforcer: '0x99F2e9bF15ce5eC84685604836F71aB835DBBdED', terms: '0x12345678' },
        { enforcer: '0x92Bf12322527cAA612fd31a0e810472BBB106A8F', terms: '0x01' },
        { enforcer: '0xE144b0b2618071B4E56f746313528a669c7E65c5', terms: OWNER },
      ],
    },
    TERMS,
  )

  refusedAt(
    imported,
    'delegator',
    'authority',
    'delegate',
    'caveats',
    'caveats[0]',
    'caveats[1]',
    'caveats[2]',
    'caveats[3].terms',
    'caveats[4]',
  )
  refusedAt(fromDelegation(DELEGATION, TERMS), 'caveats')
})

test('periods that do not fall together with the session’s are refused, with the next beginning', () => {
  const word = (value: number) => pad(numberToHex(value))
  const start = Number(START) - 100
  const terms = concat([TOKEN, word(500), word(300), word(start)])
  const caveats = [{ enforcer: '0x474e3Ae7E169e940607cC624Da8A15Eb120139aB', terms } as const]

  const { refusals } = fromDelegation({ ...DELEGATION, caveats }, TERMS)
  const moved = fromDelegation({ ...DELEGATION, caveats }, { ...TERMS, validAfter: start + 300 })

  assert.equal(refusals?.length, 1)
  assert.match(refusals![0]!.remedy, new RegExp(`${start + 300}`))
  assert.deepEqual(moved.session?.budgets, [{ token: TOKEN, amount: 500n, period: 300 }])
})

const REQUEST: PermissionRequest = {
  chainId: '0xa4b1',
  to: OWNER,
  permission: {
    type: 'native-token-allowance',
    isAdjustmentAllowed: true,
    data: { allowanceAmount: '0x64' },
  },
  rules: [{ type: 'expiry', data: { timestamp: Number(START) + 500 } }],
}

test('everything that a request asks and no session can is told at once', () => {
  const imported = fromPermissionRequest(
    {
      ...REQUEST,
      chainId: '0x1',
      from: repeat('b0'),
      permission: { ...REQUEST.permission, data: { allowanceAmount: '0x64', colour: 'red' } },
      rules: [
        { type: 'moon', data: {} },
        { type: 'redeemer', data: { addresses: [ALICE] } },
      ],
    },
    TERMS,
  )

  refusedAt(
    imported,
    'chainId',
    'from',
    'permission.data.colour',
    'permission.type',
    'rules[0].type',
    'rules[1].data.addresses',
  )
})

test('what a request says beside what is known is refused, wherever it stands', () => {
  const { permission, rules } = REQUEST
  const data = { allowance: 5, allowanceAmount: '0x9', tokenAddress: GAME }
  const imported = fromPermissionRequest(
    {
      ...REQUEST,
      limit: 1,
      permission: { ...permission, data, policies: [], isAdjustmentAllowed: 1 },
      rules: [{ ...rules![0]!, but: 'not on Sundays', data: { timestamp: 5, more: 1 } }],
    } as unknown as PermissionRequest,
    { ...TERMS, receivers: [GAME] },
  )
  const paths = imported.refusals!.map(({ path }) => path)

  for (const path of [
    'limit',
    'permission.policies',
    'permission.isAdjustmentAllowed',
    'permission.data.allowance',
    'permission.data.tokenAddress',
    'rules[0].but',
    'rules[0].data.more',
  ]) {
    assert.ok(paths.includes(path), `${path}: ${paths.join()}`)
  }
})

test('a stream is refused, and a periodic permission offered that it would cover', () => {
  const data = {
    amountPerSecond: '0x2',
    initialAmount: '0x0',
    startTime: 1_000,
    maxAmount: '0xd2f00',
  }
  const permission = { type: 'native-token-stream', isAdjustmentAllowed: true, data }
  const { refusals } = fromPermissionRequest({ ...REQUEST, permission }, TERMS)

  // 2 wei a second are 172,800 a day; 864,000 last five days.
  assert.match(
    refusals![0]!.remedy,
    /native-token-periodic: periodAmount 0x2a300 \(172800\), periodDuration 86400, startTime 87400, and a rule "expiry" after 5 days/,
  )
})

test('a request that allows no adjustment is granted as it is, or not at all', () => {
  const terms = { ...TERMS, receivers: [GAME] }
  const permission = { ...REQUEST.permission, isAdjustmentAllowed: false }
  const payee = { type: 'payee', data: { addresses: [GAME] } }
  const rules = [...REQUEST.rules!, payee]

  assert.ok(fromPermissionRequest(REQUEST, terms).session)
  refusedAt(fromPermissionRequest({ ...REQUEST, permission }, terms), 'terms.receivers')
  assert.ok(fromPermissionRequest({ ...REQUEST, permission, rules }, TERMS).session)
})

test('who pays for gas is never widened', () => {
  const [one, other] = PAYMASTERS as [Hex, Hex]
  const payer = (permit: boolean, paymaster?: Hex) =>
    fromSmartSession(
      { ...SMART_SESSION_MOVES, permitERC4337Paymaster: permit },
      { ...TERMS, ...(paymaster && { paymaster }) },
    )

  assert.equal(payer(false).session?.paymaster, NO_PAYMASTER)
  assert.equal(payer(true).session?.paymaster, NO_PAYMASTER)
  assert.equal(payer(true, one).session?.paymaster, one)
  assert.equal(payer(true, ANY_PAYMASTER).session?.paymaster, ANY_PAYMASTER)
  refusedAt(payer(false, other), 'terms.paymaster')
})

test('a session without an end needs one', () => {
  const { validUntil: _, ...terms } = TERMS

  refusedAt(fromSmartSession(SMART_SESSION_MOVES, terms), 'terms.validUntil')
})
