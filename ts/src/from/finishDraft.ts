import { type Address, isAddressEqual } from 'viem'
import { SessionRefused } from '../errors/sessionRefused.js'
import { checkSession } from '../session/checkSession.js'
import {
  type Permission,
  type Session,
  ANY_PAYMASTER,
  CAPS,
  DELEGATE_KIND,
  NO_PAYMASTER,
  UNCOUNTED_CALLS,
  UNCOUNTED_FEES,
} from '../session/session.js'
import { countPermissions, joinBounds, sayGrant, toPermissions } from './callGrant.js'
import type { Imported } from './imported.js'
import type { SessionDraft } from './sessionDraft.js'
import { settleBudgets } from './settleBudgets.js'

/** Stands for a delegate that could not be read, so that all else is still looked at. */
const NOBODY: Address = '0x000000000000000000000000000000000000dEaD'
/** The module refuses times from here on. */
const TIME_END = 2n ** 47n

/** Returns the session that a draft and its terms make, or everything that stands against it. */
export function finishDraft(draft: SessionDraft): Imported {
  const { terms, findings, signing } = draft
  const window = settleWindow(draft)
  const budgets = window ? settleBudgets(draft, window) : []
  const permissions = settlePermissions(draft)
  const paymaster = settlePaymaster(draft)
  const maxCalls = settleCalls(draft)
  if (draft.grants.length === 0 && signing.length === 0 && findings.refusals.length === 0) {
    findings.refuse('', 'nothing is granted', 'grant a call or a message')
  }
  const { after, until } = window ?? { after: 0n, until: 1n }
  const { address, kind } = draft.delegate ?? { address: NOBODY, kind: DELEGATE_KIND.secp256k1 }
  const session: Session = {
    account: terms.account,
    chains: [{ chainId: terms.chainId, epoch: terms.epoch }],
    delegate: address,
    delegateKind: kind,
    validAfter: Number(after),
    validUntil: Number(until),
    maxCalls,
    feeLimit: settleFees(draft),
    paymaster,
    permissions: permissions.map(({ permission }) => permission),
    budgets,
    signing,
    salt: terms.salt,
  }
  refuseWhatCannotWork(draft, session, permissions)
  const { refusals, comparisons } = findings
  return refusals.length === 0 ? { session, comparisons } : { refusals, comparisons }
}

function settleWindow({ terms, findings, validAfter: first, validUntil: last }: SessionDraft) {
  const own = BigInt(terms.validAfter ?? 0)
  const after = own > first ? own : first
  const ends = [last, terms.validUntil].filter((end) => end !== undefined).map(BigInt)
  if (ends.length === 0) {
    return findings.refuse(
      'terms.validUntil',
      'the source never ends, and a session must',
      'say when it ends, in unix seconds',
    )
  }
  const until = [...ends, TIME_END - 1n].reduce((a, b) => (a < b ? a : b))
  // A source that names no start begins when it is granted.
  if (first && first < after) {
    findings.narrower('terms.validAfter', `from ${first}`, `from ${after}`)
  }
  if (last === undefined || last > until) {
    findings.narrower('terms.validUntil', last ? `until ${last}` : 'no end', `until ${until}`)
  }
  if (until <= after) {
    return findings.refuse(
      'terms.validUntil',
      `valid from ${after} until ${until}: no window is left`,
      'let the session end later, or make the source anew',
    )
  }
  return { after, until }
}

type Placed = { permission: Permission; path: string }

function settlePermissions({ grants, findings }: SessionDraft): Placed[] {
  const joined = grants.map((grant) => ({ ...grant, words: joinBounds(grant.words) }))
  for (const { path, words } of joined) {
    for (const { index } of words.filter(({ ranges }) => ranges.length === 0)) {
      findings.refuse(path, `no value of word ${index} passes: it permits nothing`, 'drop it')
    }
  }
  const count = joined.reduce((sum, grant) => sum + countPermissions(grant), 0)
  if (count > CAPS.permissions) {
    const widest = joined.reduce((a, b) => (countPermissions(b) > countPermissions(a) ? b : a))
    findings.refuse(
      widest.path,
      `the whole takes ${count} permissions, a session has at most ${CAPS.permissions}`,
      'name fewer targets, functions and values, or grant several sessions',
    )
    return []
  }
  return joined.flatMap((grant) => {
    const permissions = toPermissions(grant)
    if (permissions.length > 0) findings.same(grant.path, sayGrant(grant), sayCount(permissions))
    return permissions.map((permission) => ({ permission, path: grant.path }))
  })
}

function sayCount({ length }: readonly Permission[]): string {
  return length === 1 ? 'one permission' : `${length} permissions, one for each range of values`
}

function settlePaymaster({ payer, terms, findings }: SessionDraft): Address {
  const wanted = terms.paymaster ?? NO_PAYMASTER
  const isNone = isAddressEqual(wanted, NO_PAYMASTER)
  const isAny = isAddressEqual(wanted, ANY_PAYMASTER)
  const refuse = (meaning: string, remedy: string) => {
    findings.refuse('terms.paymaster', meaning, remedy)
    return NO_PAYMASTER
  }
  switch (payer.who) {
    case 'nobody':
      if (!isNone) return refuse('the source lets no paymaster pay', 'leave it out')
      findings.same(payer.path, 'no paymaster', 'no paymaster')
      return NO_PAYMASTER
    case 'anybody':
      if (isAny) findings.same(payer.path, 'any paymaster, or none', 'any paymaster, or none')
      else
        findings.narrower(payer.path, 'any paymaster, or none', isNone ? 'none' : `only ${wanted}`)
      return wanted
    case 'somebody':
      if (isNone || isAny) return refuse('the source demands that a paymaster pays', 'name one')
      findings.narrower(payer.path, 'some paymaster', `only ${wanted}`)
      return wanted
    case 'one':
      if (terms.paymaster && !isAddressEqual(wanted, payer.paymaster)) {
        return refuse(`the source demands that ${payer.paymaster} pays`, 'leave it out')
      }
      findings.same(payer.path, `only ${payer.paymaster} pays`, `only ${payer.paymaster} pays`)
      return payer.paymaster
  }
}

/** The highest limit that still counts is one below the value that means "uncounted". */
function settleFees({ feeLimit, terms }: SessionDraft): bigint {
  if (feeLimit === undefined) return terms.feeLimit
  return [feeLimit, terms.feeLimit, UNCOUNTED_FEES - 1n].reduce((a, b) => (a < b ? a : b))
}

function settleCalls({ maxCalls, terms }: SessionDraft): number {
  const counted = maxCalls === undefined ? [] : [maxCalls, BigInt(UNCOUNTED_CALLS - 1)]
  const limits = [...counted, BigInt(terms.maxCalls ?? UNCOUNTED_CALLS)]
  return Number(limits.reduce((a, b) => (a < b ? a : b)))
}

/** Asks for each part by itself whether the module would take it, so that all is told. */
function refuseWhatCannotWork(draft: SessionDraft, session: Session, permissions: Placed[]): void {
  const { findings, terms, signing, signingPaths } = draft
  const check = (path: string, part: Session) => {
    try {
      checkSession(part, terms.module)
    } catch (error) {
      if (!(error instanceof SessionRefused)) throw error
      findings.refuse(path, error.reason, error.remedy)
    }
  }
  check('terms', { ...session, permissions: [], budgets: [], signing: [] })
  const sound: Session = { ...SOUND, account: session.account }
  for (const { permission, path } of permissions) {
    check(path, { ...sound, permissions: [permission] })
  }
  for (const budget of session.budgets) check('budgets', { ...sound, budgets: [budget] })
  signing.forEach((scope, i) => check(signingPaths[i] ?? '', { ...sound, signing: [scope] }))
  if (findings.refusals.length === 0) check('', session)
}

/** A session that nothing stands against, to try its parts in. */
const SOUND: Omit<Session, 'account'> = {
  chains: [{ chainId: 1n, epoch: 0n }],
  delegate: NOBODY,
  delegateKind: DELEGATE_KIND.secp256k1,
  validAfter: 0,
  validUntil: 1,
  maxCalls: 1,
  feeLimit: 0n,
  paymaster: NO_PAYMASTER,
  permissions: [],
  budgets: [],
  signing: [],
  salt: 0n,
}
