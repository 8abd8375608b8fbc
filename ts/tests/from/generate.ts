// Sessions of the source systems, at random: what they say, and as their SDKs encode it.

import {
  type Address,
  type Hex,
  concat,
  encodeAbiParameters,
  encodePacked,
  numberToHex,
  pad,
  parseAbiParameters,
} from 'viem'
import type {
  Caveat,
  Delegation,
  KernelPermission,
  PermissionRequest,
  SmartSession,
} from 'smart-session/from'
import { repeat } from '../sessions.js'
import type { CaveatSpec, DelegationSpec } from './judges/delegation.js'
import type { KernelCallSpec, KernelPolicySpec, KernelSpec } from './judges/kernel.js'
import type { RequestSpec } from './judges/request.js'
import type { PolicySpec, RuleSpec, SmartSessionSpec } from './judges/smartSession.js'
import type { Random } from './random.js'

export const START = 1_700_000_000n
export const END = START + 10n * 86_400n
export const OWNER = repeat('de')
export const TARGETS: readonly Address[] = [repeat('70'), repeat('71'), repeat('9a')]
export const PAYMASTERS: readonly Address[] = [repeat('5a'), repeat('5b')]
const SELECTORS: readonly Hex[] = [
  '0xa9059cbb',
  '0x23b872dd',
  '0x095ea7b3',
  '0x12345678',
  '0xffffffff',
]
const ZERO = repeat('00')

const moment = ({ below, onceIn }: Random) =>
  onceIn(4) ? 0n : START + BigInt(below(3)) * 86_400n + BigInt(below(2))
const later = ({ below, onceIn }: Random) => (onceIn(4) ? 0n : END - BigInt(below(3)) * 86_400n)
const amount = ({ onceIn, below, wide }: Random) =>
  onceIn(5) ? wide(256) : BigInt(1 + below(1000))

// --- SmartSession ----------------------------------------------------------------------------------

const SUDO: Address = '0x0000000000FEEc8D74e3143fBaBbca515358d869'
const UNIVERSAL: Address = '0x0000000000714Cf48FcF88A0bFBa70d313415032'
const SPENDING: Address = '0x000000000033212e272655d8a22402db819477a6'
const VALUE: Address = '0x000000000021dC45451291BCDfc9f0B46d6f0278'
const USAGE: Address = '0x00000000001d4479FA2A947026204d0283ceDe4B'
const TIME: Address = '0x0000000000D30f611fA3bf652ac6879428586930'
const OWNABLE: Address = '0x000000000013fdB5234E4E3162a810F54d9f7E98'
const ACTION_CONFIG = parseAbiParameters([
  'C c',
  'struct C { uint256 valueLimitPerUse; P paramRules; }',
  'struct P { uint256 length; R[16] rules; }',
  'struct R { uint8 condition; uint64 offset; bool isLimited; bytes32 ref; U usage; }',
  'struct U { uint256 limit; uint256 used; }',
])

export function someSmartSession(chance: Random): { spec: SmartSessionSpec; input: SmartSession } {
  const { below, onceIn, pick } = chance
  const userOp = [
    ...(onceIn(2) ? [timeFrame(chance)] : []),
    ...(onceIn(4) ? [{ kind: 'usageLimit', limit: BigInt(1 + below(6)) } as const] : []),
    ...(onceIn(4) ? [{ kind: 'valueLimit', limit: amount(chance) } as const] : []),
  ]
  const actions = Array.from({ length: 1 + below(3) }, () => {
    const target = pick(TARGETS)
    const selector = pick(SELECTORS)
    const isPlain = selector === '0xffffffff'
    const isToken = selector !== '0x12345678' && !isPlain
    const policies: PolicySpec[] = []
    if (onceIn(2) && !isPlain) policies.push(universal(chance))
    if (isToken && onceIn(2)) {
      const limits = onceIn(6) ? [] : [{ token: target, limit: amount(chance) }]
      policies.push({ kind: 'spendingLimits', limits })
    }
    if (onceIn(5)) policies.push({ kind: 'valueLimit', limit: amount(chance) })
    if (onceIn(6)) policies.push({ kind: 'usageLimit', limit: BigInt(1 + below(6)) })
    if (onceIn(5)) policies.push(timeFrame(chance))
    if (policies.length === 0) policies.push({ kind: 'sudo' })
    return { target, selector, policies }
  })
  const spec = { owner: OWNER, permitPaymaster: onceIn(2), userOp, actions }
  const input: SmartSession = {
    sessionValidator: OWNABLE,
    sessionValidatorInitData: encodeAbiParameters(parseAbiParameters('uint256, address[]'), [
      1n,
      [OWNER],
    ]),
    salt: pad('0x01'),
    userOpPolicies: userOp.map(policyData),
    erc7739Policies: { allowedERC7739Content: [], erc1271Policies: [] },
    actions: actions.map(({ target, selector, policies }) => ({
      actionTarget: target,
      actionTargetSelector: selector,
      actionPolicies: policies.map(policyData),
    })),
    permitERC4337Paymaster: spec.permitPaymaster,
    chainId: 42161n,
  }
  return { spec, input }
}

function timeFrame(chance: Random): PolicySpec {
  return { kind: 'timeFrame', validAfter: moment(chance), validUntil: later(chance) }
}

function universal(chance: Random): PolicySpec {
  const { below, onceIn } = chance
  const rules = Array.from({ length: onceIn(12) ? 0 : 1 + below(2) }, (): RuleSpec => {
    const condition = below(7)
    const low = BigInt(below(5))
    const reference = condition === 6 ? low * 2n ** 128n + low + BigInt(below(6)) : edgeWord(chance)
    const offset = onceIn(15) ? 4 : 32 * below(3)
    return { condition, offset, reference, ...(onceIn(15) && { limit: 10n }) }
  })
  return { kind: 'universalAction', valueLimit: onceIn(2) ? 0n : amount(chance), rules }
}

const edgeWord = ({ onceIn, below }: Random) =>
  onceIn(8) ? 2n ** 256n - 1n - BigInt(below(2)) : BigInt(below(6))

function policyData(policy: PolicySpec): { policy: Address; initData: Hex } {
  switch (policy.kind) {
    case 'sudo':
      return { policy: SUDO, initData: '0x' }
    case 'universalAction': {
      const none = { condition: 0, offset: 0, reference: 0n }
      const all: RuleSpec[] = [
        ...policy.rules,
        ...Array.from({ length: 16 - policy.rules.length }, () => none),
      ]
      const rules = all.map(({ condition, offset, reference, limit }) => ({
        condition,
        offset: BigInt(offset),
        isLimited: limit !== undefined,
        ref: pad(numberToHex(reference)),
        usage: { limit: limit ?? 0n, used: 0n },
      }))
      const paramRules = { length: BigInt(policy.rules.length), rules: rules as never }
      const config = { valueLimitPerUse: policy.valueLimit, paramRules }
      return { policy: UNIVERSAL, initData: encodeAbiParameters(ACTION_CONFIG, [config]) }
    }
    case 'spendingLimits': {
      const tokens = policy.limits.map(({ token }) => token)
      const limits = policy.limits.map(({ limit }) => limit)
      const types = parseAbiParameters('address[], uint256[]')
      return { policy: SPENDING, initData: encodeAbiParameters(types, [tokens, limits]) }
    }
    case 'valueLimit':
      return { policy: VALUE, initData: pad(numberToHex(policy.limit)) }
    case 'usageLimit':
      return { policy: USAGE, initData: encodePacked(['uint128'], [policy.limit]) }
    case 'timeFrame': {
      const times = [Number(policy.validUntil), Number(policy.validAfter)] as const
      return { policy: TIME, initData: encodePacked(['uint48', 'uint48'], times) }
    }
  }
}

// --- Kernel ----------------------------------------------------------------------------------------

const KERNEL_PERMISSIONS = parseAbiParameters([
  'P[] p',
  'struct P { bytes1 callType; address target; bytes4 selector; uint256 valueLimit; R[] rules; }',
  'struct R { uint8 condition; uint64 offset; bytes32[] params; }',
])
const KERNEL: { [K in KernelPolicySpec['kind']]: Address } = {
  sudo: '0x67b436caD8a6D025DF6C82C5BB43fbF11fC5B9B7',
  call: '0x9a52283276A0ec8740DF50bF01B28A80D880eaf2',
  gas: '0xaeFC5AbC67FfD258abD0A3E54f65E70326F84b23',
  rateLimit: '0xf63d4139B25c836334edD76641356c6b74C86873',
  timestamp: '0xB9f8f524bE6EcD8C945b1b87f9ae5C192FdCE20F',
  signatureCaller: '0xF6A936c88D97E6fad13b98d2FD731Ff17eeD591d',
}
const ECDSA_SIGNER: Address = '0x6A6F069E2a08c2468e7724Ab3250CdBFBA14D4FF'

export function someKernelPermission(chance: Random): {
  spec: KernelSpec
  input: KernelPermission
} {
  const { below, onceIn, pick } = chance
  const flag = () => pick([0, 0, 0, 0, 1, 2] as const)
  const permissions = Array.from({ length: 1 + below(3) }, () => kernelCall(chance))
  const policies: KernelPolicySpec[] = [{ kind: 'call', flag: onceIn(10) ? 1 : 0, permissions }]
  if (onceIn(2)) {
    const allowedPaymaster = pick([ZERO, PAYMASTERS[0]!])
    const enforcePaymaster = onceIn(3)
    policies.push({
      kind: 'gas',
      flag: flag(),
      allowed: BigInt(below(90_000)),
      enforcePaymaster,
      allowedPaymaster,
    })
  }
  if (onceIn(3)) {
    const interval = onceIn(2) ? 0n : 200_000n
    policies.push({
      kind: 'rateLimit',
      flag: flag(),
      interval,
      count: BigInt(below(4)),
      startAt: moment(chance),
    })
  }
  if (onceIn(2)) {
    policies.push({
      kind: 'timestamp',
      flag: flag(),
      validAfter: moment(chance),
      validUntil: later(chance),
    })
  }
  if (onceIn(6)) policies.push({ kind: 'signatureCaller', flag: flag(), callers: [TARGETS[0]!] })
  const spec = { owner: OWNER, policies }
  const entries = policies.map((policy) =>
    concat([numberToHex(policy.flag, { size: 2 }), KERNEL[policy.kind], kernelData(policy)]),
  )
  const all = [...entries, concat(['0x0000', ECDSA_SIGNER, OWNER])]
  return { spec, input: { enableData: encodeAbiParameters(parseAbiParameters('bytes[]'), [all]) } }
}

function kernelCall(chance: Random): KernelCallSpec {
  const { below, onceIn, pick } = chance
  const selector = pick(['0xa9059cbb', '0x12345678', '0x12345678', '0x00000000'] as const)
  const rules = Array.from({ length: selector === '0x00000000' ? 0 : below(3) }, () => {
    const condition = onceIn(15) ? 7 : below(7)
    const count = condition === 6 ? below(4) : 1
    const params = Array.from({ length: count }, () => edgeWord(chance))
    return { condition, offset: onceIn(15) ? 7 : 32 * below(3), params }
  })
  return {
    callType: onceIn(15) ? '0xff' : '0x00',
    target: onceIn(15) ? ZERO : pick(TARGETS),
    selector,
    valueLimit: onceIn(2) ? 0n : amount(chance),
    rules,
  }
}

function kernelData(policy: KernelPolicySpec): Hex {
  const hex = (value: bigint) => numberToHex(value, { size: 6 })
  switch (policy.kind) {
    case 'sudo':
      return '0x'
    case 'call': {
      const permissions = policy.permissions.map(({ rules, ...rest }) => ({
        ...rest,
        rules: rules.map(({ condition, offset, params }) => ({
          condition,
          offset: BigInt(offset),
          params: params.map((param) => pad(numberToHex(param))),
        })),
      }))
      return encodeAbiParameters(KERNEL_PERMISSIONS, [permissions])
    }
    case 'gas': {
      const types = parseAbiParameters('uint128, bool, address')
      const { allowed, enforcePaymaster, allowedPaymaster } = policy
      return encodeAbiParameters(types, [allowed, enforcePaymaster, allowedPaymaster])
    }
    case 'rateLimit':
      return concat([hex(policy.interval), hex(policy.count), hex(policy.startAt)])
    case 'timestamp': {
      const times = [Number(policy.validAfter), Number(policy.validUntil)] as const
      return encodeAbiParameters(parseAbiParameters('uint48, uint48'), times)
    }
    case 'signatureCaller':
      return encodeAbiParameters(parseAbiParameters('address[]'), [policy.callers])
  }
}

// --- MetaMask delegations --------------------------------------------------------------------------

const ENFORCERS: { [K in CaveatSpec['kind']]: Address } = {
  allowedTargets: '0x7F20f61b1f09b08D970938F6fa563634d65c4EeB',
  allowedMethods: '0x2c21fD0Cb9DC8445CB3fb0DC5E7Bb0Aca01842B5',
  allowedCalldata: '0xc2b0d624c1c4319760C96503BA27C347F3260f55',
  exactCalldata: '0x99F2e9bF15ce5eC84685604836F71aB835DBBdED',
  valueLte: '0x92Bf12322527cAA612fd31a0e810472BBB106A8F',
  nativeTokenTransferAmount: '0xF71af580b9c3078fbc2BBF16FbB8EEd82b330320',
  erc20TransferAmount: '0xf100b0819427117EcF76Ed94B358B1A5b5C6D2Fc',
  nativeTokenPeriodTransfer: '0x9BC0FAf4Aca5AE429F4c06aEEaC517520CB16BD9',
  erc20PeriodTransfer: '0x474e3Ae7E169e940607cC624Da8A15Eb120139aB',
  timestamp: '0x1046bb45C8d673d4ea75321280DB34899413c069',
  limitedCalls: '0x04658B29F6b82ed55274221a06Fc97D318E25416',
  redeemer: '0xE144b0b2618071B4E56f746313528a669c7E65c5',
}

export function someDelegation(chance: Random): { spec: DelegationSpec; input: Delegation } {
  const { below, onceIn, pick } = chance
  const caveats: CaveatSpec[] = []
  if (!onceIn(6)) caveats.push({ kind: 'allowedTargets', targets: TARGETS.slice(0, 1 + below(3)) })
  const token = TARGETS[0]!
  const what = below(5)
  if (what === 0) caveats.push({ kind: 'allowedMethods', selectors: ['0x12345678', '0xa9059cbb'] })
  if (what === 1) caveats.push({ kind: 'erc20TransferAmount', token, limit: amount(chance) })
  if (what === 2) caveats.push({ kind: 'erc20PeriodTransfer', token, ...period(chance) })
  if (what === 3) caveats.push({ kind: 'exactCalldata', calldata: onceIn(6) ? '0x12345678' : '0x' })
  if (what < 3 && onceIn(2)) caveats.push(someCalldata(chance))
  if (onceIn(3)) caveats.push({ kind: 'valueLte', limit: amount(chance) })
  if (onceIn(4)) caveats.push({ kind: 'nativeTokenTransferAmount', limit: amount(chance) })
  if (onceIn(4)) caveats.push({ kind: 'nativeTokenPeriodTransfer', ...period(chance) })
  if (onceIn(2)) caveats.push({ kind: 'timestamp', after: moment(chance), before: later(chance) })
  if (onceIn(4)) caveats.push({ kind: 'limitedCalls', limit: BigInt(1 + below(5)) })
  if (onceIn(6))
    caveats.push({ kind: 'redeemer', redeemers: pick([[OWNER], [OWNER, token], [token]]) })
  const input: Delegation = {
    delegate: OWNER,
    delegator: repeat('a1'),
    authority: `0x${'ff'.repeat(32)}`,
    caveats: caveats.map((caveat): Caveat => ({
      enforcer: ENFORCERS[caveat.kind],
      terms: terms(caveat),
      args: '0x',
    })),
    salt: '0x00',
    signature: '0x',
  }
  return { spec: { delegate: OWNER, caveats }, input }
}

const period = ({ below, onceIn, wide, pick }: Random) => ({
  amount: onceIn(10) ? wide(256) : BigInt(1 + below(1000)),
  period: onceIn(10) ? wide(256) + 1n : pick([7n, 50n, 3_600n, 86_400n, 86_401n]),
  start: START + BigInt(below(2)) * 43_200n,
})

function someCalldata({ below, onceIn }: Random): CaveatSpec {
  const words = concat(Array.from({ length: 1 + below(2) }, () => pad(numberToHex(below(4)))))
  const value = onceIn(4) ? (words.slice(0, 2 + 2 * 31) as Hex) : words
  if (onceIn(3)) return { kind: 'allowedCalldata', start: 0, value: concat(['0xa9059cbb', value]) }
  return { kind: 'allowedCalldata', start: onceIn(12) ? 5 : 4 + 32 * below(2), value }
}

function terms(caveat: CaveatSpec): Hex {
  const word = (value: bigint) => pad(numberToHex(value))
  const half = (value: bigint) => pad(numberToHex(value), { size: 16 })
  const periods = (it: { amount: bigint; period: bigint; start: bigint }) =>
    concat([word(it.amount), word(it.period), word(it.start)])
  switch (caveat.kind) {
    case 'allowedTargets':
      return concat(caveat.targets)
    case 'allowedMethods':
      return concat(caveat.selectors)
    case 'allowedCalldata':
      return concat([word(BigInt(caveat.start)), caveat.value])
    case 'exactCalldata':
      return caveat.calldata
    case 'valueLte':
    case 'nativeTokenTransferAmount':
    case 'limitedCalls':
      return word(caveat.limit)
    case 'erc20TransferAmount':
      return concat([caveat.token, word(caveat.limit)])
    case 'nativeTokenPeriodTransfer':
      return periods(caveat)
    case 'erc20PeriodTransfer':
      return concat([caveat.token, periods(caveat)])
    case 'timestamp':
      return concat([half(caveat.after), half(caveat.before)])
    case 'redeemer':
      return concat(caveat.redeemers)
  }
}

// --- ERC-7715 --------------------------------------------------------------------------------------

export function someRequest(chance: Random): { spec: RequestSpec; input: PermissionRequest } {
  const { below, onceIn, pick } = chance
  const { amount: most, period: every, start } = period(chance)
  const isNative = onceIn(2)
  const isPeriodic = onceIn(2)
  const payees = onceIn(2) ? TARGETS.slice(0, 1 + below(3)) : undefined
  const expiry = onceIn(6) ? undefined : pick([START + 86_400n, END, END + 1n])
  const spec: RequestSpec = {
    to: OWNER,
    ...(!isNative && { token: TARGETS[0]! }),
    amount: most,
    ...(isPeriodic && { period: every }),
    start,
    ...(expiry && { expiry }),
    ...(payees && { payees }),
  }
  const input: PermissionRequest = {
    chainId: '0xa4b1',
    to: OWNER,
    permission: {
      type: `${isNative ? 'native' : 'erc20'}-token-${isPeriodic ? 'periodic' : 'allowance'}`,
      isAdjustmentAllowed: !onceIn(5),
      data: {
        ...(!isNative && { tokenAddress: TARGETS[0]! }),
        ...(isPeriodic
          ? { periodAmount: numberToHex(most), periodDuration: `${every}` }
          : { allowanceAmount: numberToHex(most) }),
        startTime: Number(start),
        justification: 'for a test',
      },
    },
    rules: [
      ...(expiry ? [{ type: 'expiry', data: { timestamp: Number(expiry) } }] : []),
      ...(payees ? [{ type: 'payee', data: { addresses: payees } }] : []),
    ],
  }
  return { spec, input }
}
