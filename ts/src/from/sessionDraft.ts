import type { Address } from 'viem'
import type { DelegateKind, SigningScope } from '../session/session.js'
import type { CallGrant } from './callGrant.js'
import { Findings } from './findings.js'
import type { ImportTerms } from './imported.js'

/** A total that a source keeps: over everything, or over each period from a start on. */
export type BudgetGrant = {
  /** Where it stands in the input. */
  path: string
  /** An ERC-20, or NATIVE. */
  token: Address
  amount: bigint
  /** Seconds; left out for one total. */
  every?: { period: bigint; start: bigint }
}

/** Who a source lets pay for gas besides the account. */
export type PayerRule = { path: string } & (
  { who: 'nobody' | 'anybody' | 'somebody' } | { who: 'one'; paymaster: Address }
)

/** What a converter has gathered of a session: the source's limits, before the terms narrow them. */
export type SessionDraft = {
  terms: ImportTerms
  findings: Findings
  delegate?: { address: Address; kind: DelegateKind } | undefined
  /** The window, both ends included; no end if the source has none. */
  validAfter: bigint
  validUntil?: bigint
  maxCalls?: bigint
  feeLimit?: bigint
  payer: PayerRule
  grants: CallGrant[]
  budgets: BudgetGrant[]
  signing: SigningScope[]
  /** Where the scopes stand in the input, in the order of `signing`. */
  signingPaths: string[]
}

/** Returns a draft that limits nothing yet, and grants nothing. */
export function startDraft(terms: ImportTerms, payer: PayerRule): SessionDraft {
  return {
    terms,
    findings: new Findings(),
    validAfter: 0n,
    payer,
    grants: [],
    budgets: [],
    signing: [],
    signingPaths: [],
  }
}

/** Lets a session begin at a moment, or later. */
export function beginAt(draft: SessionDraft, moment: bigint): void {
  if (moment > draft.validAfter) draft.validAfter = moment
}

/** Lets a session end with a moment, or earlier. */
export function endWith(draft: SessionDraft, moment: bigint): void {
  if (draft.validUntil === undefined || moment < draft.validUntil) draft.validUntil = moment
}

/** Lets a session make so many calls in total, or fewer. */
export function countCalls(draft: SessionDraft, calls: bigint): void {
  if (draft.maxCalls === undefined || calls < draft.maxCalls) draft.maxCalls = calls
}

/** Lets a session spend so much on gas in total, or less. */
export function limitFees(draft: SessionDraft, wei: bigint): void {
  if (draft.feeLimit === undefined || wei < draft.feeLimit) draft.feeLimit = wei
}
