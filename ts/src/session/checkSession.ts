import { type Address, type Hex, domainSeparator, isAddressEqual } from 'viem'
import { SessionRefused } from '../errors/sessionRefused.js'
import { representable } from './checkRepresentable.js'
import { ENTRY_POINTS } from './entryPoints.js'
import type { Facts } from './facts.js'
import { moduleDomain } from './moduleDomain.js'
import {
  type Budget,
  type Session,
  ANY_CALL,
  ANY_PAYMASTER,
  NATIVE,
  NO_PAYMASTER,
  PLAIN_TRANSFER,
  UNCOUNTED_FEES,
} from './session.js'
import { IN_SECONDS, LATEST_TIME } from './time.js'
import { COUNTED } from './token.js'

const ZERO: Address = NO_PAYMASTER

/** Seconds. */
const SHORTEST_PERIOD = 60

/** Checks that a session can work: that the module would enable it, and let be called what it
 * permits.
 *
 * Whether the account is in the epoch that the session names is not checked here: only the chain
 * knows.
 *
 * @param facts what is known of the account: with its own contracts, a permission for one of them
 * is refused. {@link readFacts} asks the chain.
 * @throws {@link SessionRefused} for the first thing that is wrong. */
export function checkSession(of: Session, module: Address, facts: Facts = {}): void {
  const session = representable(of)
  checkDelegate(session, module)
  checkWindow(session)
  checkTotals(session)
  checkChains(session)
  checkPermissions(session, module, facts)
  session.budgets.forEach((budget, i) => checkBudget(session, module, budget, i))
  checkCountable(session)
  checkSigning(session, module)
}

function checkDelegate({ delegate, account }: Session, module: Address): void {
  if (isOneOf(delegate, [ZERO, account, module])) {
    throw new SessionRefused(
      'RefusedDelegate',
      `${delegate} cannot be a delegate`,
      'name a key of its own, not zero, the account or the module',
    )
  }
}

function checkWindow({ validAfter, validUntil }: Session): void {
  if (validUntil <= validAfter) {
    throw new SessionRefused(
      'RefusedWindow',
      `the session is valid after ${validAfter} until ${validUntil}: no window`,
      'let validUntil be later than validAfter (unix seconds)',
    )
  }
  if (validUntil > LATEST_TIME) {
    const reason = `the session is valid until ${validUntil}, after the year 2100`
    throw new SessionRefused('RefusedWindow', reason, IN_SECONDS)
  }
}

function checkTotals({ maxCalls, feeLimit, paymaster }: Session): void {
  if (maxCalls === 0) {
    throw new SessionRefused(
      'RefusedMaxCalls',
      'a session for 0 calls cannot be enabled',
      'give the number of calls, or UNCOUNTED_CALLS',
    )
  }
  if (feeLimit === UNCOUNTED_FEES && isOneOf(paymaster, [NO_PAYMASTER, ANY_PAYMASTER])) {
    throw new SessionRefused(
      'FeesUncounted',
      'fees are uncounted, but no one paymaster is named',
      'set feeLimit to the most wei of gas that may be spent, or name the paymaster',
    )
  }
}

function checkChains({ chains }: Session): void {
  if (chains.length === 0) {
    throw new SessionRefused('NoChain', 'the session holds on no chain', 'list a chain')
  }
  const seen = new Set<bigint>()
  for (const { chainId } of chains) {
    if (seen.has(chainId)) {
      throw new SessionRefused(
        'DuplicateChain',
        `the session has two entries for chain ${chainId}`,
        'keep one',
      )
    }
    seen.add(chainId)
  }
}

function checkPermissions(session: Session, module: Address, facts: Facts): void {
  session.permissions.forEach(({ target, selector, rules }, i) => {
    if (isOneOf(target, [ZERO, session.account, module, ...ENTRY_POINTS])) {
      throw new SessionRefused(
        'BannedTarget',
        `permission ${i} is for ${target}, which no session may call`,
        'name another target; not zero, the account, the module or an EntryPoint',
      )
    }
    if (isOneOf(target, facts.ownContracts ?? [])) {
      throw new SessionRefused(
        'BannedTarget',
        `permission ${i} is for ${target}, which the account is made of`,
        "name another target: the account's own contracts take its calls for its owner's",
      )
    }
    if (rules.length > 0 && !isFunction(selector)) {
      throw new SessionRefused(
        'RulesWithoutSelector',
        `permission ${i} has argument rules but no one function`,
        'name the function whose arguments are meant',
      )
    }
    checkRules(`permission ${i}`, rules)
  })
}

function isFunction(selector: Hex): boolean {
  return selector !== PLAIN_TRANSFER && selector.toLowerCase() !== ANY_CALL
}

function checkRules(place: string, rules: Session['permissions'][number]['rules']): void {
  rules.forEach(({ min, max }, i) => {
    if (min > max) {
      throw new SessionRefused(
        'EmptyRule',
        `rule ${i} of ${place} allows nothing: min is over max`,
        'exchange them, or drop the permission',
      )
    }
  })
}

function checkBudget(session: Session, module: Address, budget: Budget, i: number): void {
  const refuse = (what: string, remedy: string) => {
    throw new SessionRefused('RefusedBudget', `budget ${i} ${what}`, remedy)
  }
  const { token, amount, period } = budget
  if (amount === 0n) refuse('is of nothing', 'drop it and the permissions it is for')
  if (isOneOf(token, [ZERO, session.account, module])) {
    refuse(`is for ${token}, nobody's token`, 'name an ERC-20, or NATIVE')
  }
  if (period > 0 && period < SHORTEST_PERIOD) {
    refuse(`is for periods of ${period} seconds`, `give at least ${SHORTEST_PERIOD}`)
  }
  if (isAddressEqual(token, NATIVE) && period === 0 && amount >> 96n !== 0n) {
    refuse(`is of ${amount} wei`, 'stay below 2^96 wei for native value of the whole session')
  }
  const isTwin = (other: Budget) => isAddressEqual(other.token, token) && other.period === period
  if (session.budgets.slice(0, i).some(isTwin)) {
    throw new SessionRefused(
      'DuplicateBudget',
      `budget ${i} is for a token and period that another one is for`,
      'keep one of them',
    )
  }
}

/** A call of a token with a budget that no budget can count is refused by the module, also if a
 * permission is for it. */
function checkCountable({ permissions, budgets }: Session): void {
  permissions.forEach(({ target, selector }, i) => {
    const called = selector.toLowerCase()
    if (called === ANY_CALL || COUNTED.includes(called)) return
    if (!budgets.some(({ token }) => isAddressEqual(token, target))) return
    throw new SessionRefused(
      'UncountableTokenCall',
      `permission ${i} is for ${called} of ${target}, which has a budget that cannot count it`,
      'permit transfer, transferFrom, approve or increaseAllowance, or drop the budget',
    )
  })
}

function checkSigning({ signing }: Session, module: Address): void {
  const own = domainSeparator({ domain: moduleDomain(module) })
  signing.forEach(({ domainSeparator: app, rules }, i) => {
    if (app.toLowerCase() === own) {
      throw new SessionRefused(
        'BannedDomain',
        `scope ${i} is for the module's own domain, and no session signs a session`,
        'drop it',
      )
    }
    checkRules(`scope ${i}`, rules)
  })
}

function isOneOf(address: Address, others: readonly Address[]): boolean {
  return others.some((other) => isAddressEqual(address, other))
}
