import assert from 'node:assert/strict'
import test from 'node:test'
import { NO_PAYMASTER, UNCOUNTED_CALLS, type Session } from 'smart-session'
import {
  type ImportTerms,
  type Imported,
  fromDelegation,
  fromKernelPermission,
  fromPermissionRequest,
  fromSmartSession,
} from 'smart-session/from'
import { pad, toFunctionSelector } from 'viem'
import { ALICE, GAME, MODULE, repeat } from '../sessions.js'
import {
  MOVE,
  madeDelegation,
  madeFunctionDelegation,
  madeKernelPermission,
  madeRequest,
  madeSmartSession,
} from './made.js'
import { sdk, skip } from './sdks.js'

const START = 1_700_000_000
const END = START + 7_200
const TOKEN = repeat('70')
const FRIEND = repeat('f1')
const DELEGATE = repeat('de')
const PARTIES = {
  account: ALICE,
  delegate: DELEGATE,
  chainId: 42161,
  game: GAME,
  token: TOKEN,
  friend: FRIEND,
  validAfter: START,
  validUntil: END,
}
const TERMS: ImportTerms = {
  account: ALICE,
  chainId: 42161n,
  epoch: 3n,
  module: MODULE,
  feeLimit: 10n ** 16n,
  salt: 9n,
}
/** What all of them have in common. */
const COMMON: Session = {
  account: ALICE,
  chains: [{ chainId: 42161n, epoch: 3n }],
  delegate: DELEGATE,
  delegateKind: 0,
  validAfter: START,
  validUntil: END,
  maxCalls: 5,
  feeLimit: 10n ** 16n,
  paymaster: NO_PAYMASTER,
  permissions: [],
  budgets: [],
  signing: [],
  salt: 9n,
}
const MOVES = { target: GAME, selector: toFunctionSelector(MOVE), valueLimit: 1_000n, rules: [] }
const TRANSFERS = { target: TOKEN, selector: '0xa9059cbb', valueLimit: 0n } as const
const TO_FRIEND = { index: 0, min: BigInt(FRIEND), max: BigInt(FRIEND) }

function granted(imported: Imported): Session {
  assert.deepEqual(imported.refusals ?? [], [])
  return imported.session!
}

test('a session made with module-sdk is imported', { skip }, () => {
  const imported = fromSmartSession(madeSmartSession(PARTIES), TERMS)

  assert.deepEqual(granted(imported), {
    ...COMMON,
    permissions: [
      { ...MOVES, rules: [{ index: 0, min: 0n, max: 9n }] },
      { ...TRANSFERS, rules: [TO_FRIEND] },
    ],
    budgets: [{ token: TOKEN, amount: 500n, period: 0 }],
  })
  const usage = imported.comparisons.find(({ path }) => path === 'userOpPolicies[1]')
  assert.equal(usage?.relation, 'narrower')
})

test(
  'a permission made with ZeroDev’s SDK is imported, from its parts and from its enable data',
  { skip },
  async () => {
    const made = await madeKernelPermission(PARTIES)
    const { toPermissionValidator } = sdk('@zerodev/permissions')
    const entryPoint = { version: '0.7', address: repeat('e0') }
    const client = { chain: { id: 42161 } }
    const plugin = await toPermissionValidator(client, {
      ...made,
      entryPoint,
      kernelVersion: '0.3.1',
    })
    const enableData = await plugin.getEnableData()

    const session = granted(fromKernelPermission(made, TERMS))

    assert.deepEqual(session, {
      ...COMMON,
      permissions: [
        { ...MOVES, rules: [{ index: 0, min: 1n, max: 2n }] },
        { ...MOVES, rules: [{ index: 0, min: 7n, max: 7n }] },
        { ...TRANSFERS, rules: [TO_FRIEND, { index: 1, min: 0n, max: 100n }] },
      ],
    })
    assert.deepEqual(granted(fromKernelPermission({ enableData }, TERMS)), session)
  },
)

test('delegations made with MetaMask’s kit are imported', { skip }, () => {
  const periodic = granted(fromDelegation(madeDelegation(PARTIES), TERMS))
  const moves = granted(
    fromDelegation(madeFunctionDelegation(PARTIES), {
      ...TERMS,
      validAfter: START,
      validUntil: END,
    }),
  )

  assert.deepEqual(periodic, {
    ...COMMON,
    validUntil: END - 1,
    permissions: [{ ...TRANSFERS, rules: [TO_FRIEND] }],
    budgets: [{ token: TOKEN, amount: 500n, period: 3_600 }],
  })
  assert.deepEqual(moves, { ...COMMON, maxCalls: UNCOUNTED_CALLS, permissions: [MOVES] })
})

test('a request that MetaMask’s kit sends is imported', { skip }, async () => {
  const session = granted(fromPermissionRequest(await madeRequest(PARTIES), TERMS))

  assert.deepEqual(session, {
    ...COMMON,
    validUntil: END - 1,
    maxCalls: UNCOUNTED_CALLS,
    permissions: [{ ...TRANSFERS, rules: [] }],
    budgets: [{ token: TOKEN, amount: 500n, period: 3_600 }],
  })
})

test('passkeys of SmartSession and Kernel become delegates', { skip }, async () => {
  const { getWebAuthnValidator } = sdk('@rhinestone/module-sdk')
  const { toWebAuthnSigner, WebAuthnSignerVersion } = sdk('@zerodev/permissions/signers')
  const validator = getWebAuthnValidator({ pubKey: { x: 1n, y: 2n }, authenticatorId: 'a' })
  const webAuthnKey = { pubX: 1n, pubY: 2n, authenticatorId: 'a', authenticatorIdHash: pad('0x0a') }
  const client = { request: async () => '0xa4b1', chain: { id: 42161 } }
  const signer = await toWebAuthnSigner(client, {
    webAuthnKey,
    webAuthnSignerVersion: WebAuthnSignerVersion.V0_0_4_PATCHED,
  })
  const source = madeSmartSession(PARTIES)
  const { policies } = (await madeKernelPermission(PARTIES)) as never

  const ours = [
    fromSmartSession(
      {
        ...source,
        sessionValidator: validator.address,
        sessionValidatorInitData: validator.initData,
      },
      TERMS,
    ),
    fromKernelPermission({ signer, policies }, TERMS),
  ].map(granted)

  // Computed by a keccak256 that is not viem’s (cast): the last 20 bytes, of the words 1 and 2.
  for (const { delegate, delegateKind } of ours) {
    assert.deepEqual([delegate, delegateKind], ['0xee546e97c83a08bbccc01a0644d599ccd2a7c2e0', 2])
  }
})

test('the addresses that imports know are those of the SDKs', { skip }, async () => {
  const rhinestone = sdk('@rhinestone/module-sdk')
  const { getSmartAccountsEnvironment } = sdk('@metamask/smart-accounts-kit')
  const { caveatEnforcers } = getSmartAccountsEnvironment(42161, '1.3.0')
  const terms = { ...TERMS, validUntil: END }
  const unknown = (imported: Imported) =>
    (imported.refusals ?? []).filter(({ meaning }) => meaning.includes('is not known'))

  for (const [name, enforcer] of Object.entries(caveatEnforcers)) {
    const caveats = [{ enforcer: enforcer as never, terms: '0x' as const }]
    const delegation = { ...madeFunctionDelegation(PARTIES), caveats }
    assert.deepEqual(unknown(fromDelegation(delegation, terms)), [], name)
  }
  for (const name of [
    'SUDO',
    'UNIVERSAL_ACTION',
    'SPENDING_LIMITS',
    'VALUE_LIMIT',
    'USAGE_LIMIT',
    'TIME_FRAME',
  ]) {
    const policy = rhinestone[`${name}_POLICY_ADDRESS`]
    const source = {
      ...madeSmartSession(PARTIES),
      userOpPolicies: [{ policy, initData: '0x' as const }],
    }
    assert.deepEqual(unknown(fromSmartSession(source, terms)), [], name)
  }
})
