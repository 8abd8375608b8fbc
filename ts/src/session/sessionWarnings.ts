import { type Hex, domainSeparator, isAddressEqual, keccak256, stringToHex } from 'viem'
import { representable } from './checkRepresentable.js'
import { TYPED_ENTRY_POINTS } from './entryPoints.js'
import type { Facts } from './facts.js'
import {
  ANY_CALL,
  ANY_PAYMASTER,
  type Budget,
  type Chain,
  NATIVE,
  type Permission,
  type Session,
  type SigningScope,
  UNCOUNTED_CALLS,
} from './session.js'
import { APPROVE, INCREASE_ALLOWANCE, TRANSFER, TRANSFER_FROM } from './token.js'

/** What a warning can be about, in the order in which warnings come. The Rust client has the same
 * table. */
export const WARNING_CODES = [
  'Ended',
  'NotBegun',
  'LongWindow',
  'EpochNotConfirmed',
  'AnyPaymaster',
  'AnyPaymasterUncounted',
  'AnyCall',
  'UncountedValue',
  'Allowance',
  'TransferFrom',
  'UncountedTransfer',
  'ShortLastPeriod',
  'ScopeWithoutRules',
  'AccountDomain',
  'EntryPointDomain',
  'WrapperType',
] as const

/** What a warning is about, for programs. */
export type WarningCode = (typeof WARNING_CODES)[number]

/** One thing that an owner should know before signing. */
export type Warning = {
  /** What it is about, for programs. */
  readonly code: WarningCode
  /** The entry that it is about, such as `permissions[1]`; `null` for the whole session. */
  readonly at: string | null
  /** The warning, one sentence. */
  readonly sentence: string
}

/** Seconds of 365 days. */
const YEAR = 31_536_000

/** Types by which an account takes other messages, transactions or operations for signed. */
const WRAPPER_TYPES = [
  'SafeMessage(bytes message)',
  'SafeTx(address to,uint256 value,bytes data,uint8 operation,uint256 safeTxGas,uint256 baseGas,uint256 gasPrice,address gasToken,address refundReceiver,uint256 nonce)',
  'SafeOp(address safe,uint256 nonce,bytes initCode,bytes callData,uint128 verificationGasLimit,uint128 callGasLimit,uint256 preVerificationGas,uint128 maxPriorityFeePerGas,uint128 maxFeePerGas,bytes paymasterAndData,uint48 validAfter,uint48 validUntil,address entryPoint)',
  'PersonalSign(bytes prefixed)',
  'CoinbaseSmartWalletMessage(bytes32 hash)',
  'ReplaySafeHash(bytes32 hash)',
  'Kernel(bytes32 hash)',
  'LightAccountMessage(bytes message)',
  'PackedUserOperation(address sender,uint256 nonce,bytes initCode,bytes callData,bytes32 accountGasLimits,uint256 preVerificationGas,bytes32 gasFees,bytes paymasterAndData)',
]

/** Returns what the owner should know before signing: in the order of the codes, then of the
 * session's lists.
 *
 * @param facts what is known beyond the session: {@link readFacts} asks the chain.
 * @throws {@link SessionRefused} if a field does not fit its type. */
export function sessionWarnings(of: Session, facts: Facts = {}): Warning[] {
  const session = representable(of)
  const found = [
    ...ofTime(session, facts),
    ...session.chains.flatMap((chain, i) => ofEpoch(chain, facts, i)),
    ...ofPayers(session),
    ...session.permissions.flatMap((permission, i) => ofPermission(session, permission, i)),
    ...session.budgets.flatMap((budget, i) => ofBudget(session, budget, i)),
    ...session.signing.flatMap((scope, i) => ofScope(session, scope, facts, i)),
  ]
  const rank = ({ code }: Warning) => WARNING_CODES.indexOf(code)
  return found.sort((a, b) => rank(a) - rank(b))
}

function warning(code: WarningCode, sentence: string, at: string | null = null): Warning {
  return { code, at, sentence }
}

function ofTime({ validAfter, validUntil }: Session, { now }: Facts): Warning[] {
  if (now !== undefined && now > validUntil) {
    return [warning('Ended', 'the session has ended: nothing can be done with it')]
  }
  const found: Warning[] = []
  if (now !== undefined && now < validAfter) {
    found.push(warning('NotBegun', 'the session has not begun: nothing can be done with it yet'))
  }
  if (validUntil - (now ?? validAfter) > YEAR) {
    found.push(warning('LongWindow', 'the session lasts for more than a year'))
  }
  return found
}

function ofEpoch({ chainId, epoch }: Chain, { epochs = [] }: Facts, i: number): Warning[] {
  const there = epochs.find((known) => BigInt(known.chainId) === chainId)?.epoch
  if (there === undefined ? epoch === 0n : BigInt(there) === epoch) return []
  const what = `the session is of epoch ${epoch} on chain ${chainId}`
  const why =
    there === undefined
      ? 'which was not asked: a session of a coming epoch outlives the next revocation of all'
      : `where the account is in epoch ${there}: it is void there`
  return [warning('EpochNotConfirmed', `${what}, ${why}`, `chains[${i}]`)]
}

function ofPayers({ paymaster, maxCalls }: Session): Warning[] {
  if (!isAddressEqual(paymaster, ANY_PAYMASTER)) return []
  const found = [warning('AnyPaymaster', 'any paymaster may pay for gas, on its own terms')]
  if (maxCalls === UNCOUNTED_CALLS) {
    const sentence = 'any paymaster may pay, and calls are not counted'
    found.push(warning('AnyPaymasterUncounted', sentence))
  }
  return found
}

function ofPermission(
  { maxCalls, budgets }: Session,
  { target, selector, valueLimit }: Permission,
  i: number,
): Warning[] {
  const found: Warning[] = []
  const warn = (code: WarningCode, what: string) =>
    found.push(warning(code, `permission ${i} ${what}`, `permissions[${i}]`))
  const hasBudget = (token: Hex) => budgets.some((budget) => isAddressEqual(budget.token, token))
  const called = selector.toLowerCase()
  if (called === ANY_CALL) {
    warn('AnyCall', `lets the delegate call every function of ${target}`)
  }
  if (valueLimit > 0n && maxCalls === UNCOUNTED_CALLS && !hasBudget(NATIVE)) {
    const why = 'calls are not counted, and no budget bounds ether'
    warn('UncountedValue', `sends ether with each call; ${why}`)
  }
  if (called === APPROVE || called === INCREASE_ALLOWANCE) {
    warn('Allowance', `lets the delegate give allowances of ${target} that outlive it`)
  }
  if (called === TRANSFER_FROM) {
    const whose = 'that others have allowed the account to move'
    warn('TransferFrom', `lets the delegate move tokens of ${target} ${whose}`)
  }
  if (called === TRANSFER && !hasBudget(target)) {
    warn('UncountedTransfer', `lets the delegate transfer ${target}, and no budget bounds it`)
  }
  return found
}

function ofBudget({ validAfter, validUntil }: Session, { period }: Budget, i: number): Warning[] {
  if (period === 0 || (validUntil - validAfter) % period === 0) return []
  const sentence =
    `the last period of budget ${i} is shorter than the others, and has the whole amount: ` +
    'make the window a multiple of the period'
  return [warning('ShortLastPeriod', sentence, `budgets[${i}]`)]
}

function ofScope(session: Session, scope: SigningScope, facts: Facts, i: number): Warning[] {
  const found: Warning[] = []
  const warn = (code: WarningCode, what: string) =>
    found.push(warning(code, `scope ${i} ${what}`, `signing[${i}]`))
  const isFor = (domain: Hex) => domain.toLowerCase() === scope.domainSeparator.toLowerCase()
  if (scope.rules.length === 0) {
    warn('ScopeWithoutRules', 'lets the delegate sign any message of its type')
  }
  if (facts.accountDomains?.some(isFor)) {
    const what = "is for the account's own domain: what it signs, the account takes for its owner's"
    warn('AccountDomain', what)
  }
  if (entryPointDomains(session).some(isFor)) {
    const what = "is for an EntryPoint's domain: user operations are signed in it"
    warn('EntryPointDomain', what)
  }
  const typeHash = scope.typeHash.toLowerCase()
  const wrapper = WRAPPER_TYPES.find((type) => keccak256(stringToHex(type)) === typeHash)
  if (wrapper !== undefined) {
    const [name] = wrapper.split('(')
    const what = `is for ${name}, which wraps other messages: what it signs cannot be known`
    warn('WrapperType', what)
  }
  return found
}

function entryPointDomains({ chains }: Session): Hex[] {
  return chains.flatMap(({ chainId }) =>
    TYPED_ENTRY_POINTS.map((verifyingContract) =>
      domainSeparator({ domain: { name: 'ERC4337', version: '1', chainId, verifyingContract } }),
    ),
  )
}
