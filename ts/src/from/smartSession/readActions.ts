import { type Address, type Hex, isAddressEqual } from 'viem'
import { NATIVE, PLAIN_TRANSFER } from '../../session/session.js'
import { APPROVE, TRANSFER, TRANSFER_FROM } from '../../session/token.js'
import type { WordBound } from '../callGrant.js'
import { WORD_MAX, least, sayWord } from '../range.js'
import { type SessionDraft, countCalls } from '../sessionDraft.js'
import { applyTimeFrame, refuseUnset } from './applyTimeFrame.js'
import { type ReadPolicy, readPolicies } from './readPolicies.js'
import type { SmartSession, SmartSessionContracts } from './smartSession.js'

/** The target that stands for every other one. */
const ANY_TARGET: Address = '0x0000000000000000000000000000000000000001'
/** The selector that stands for calls without calldata. */
const NO_CALLDATA: Hex = '0xffffffff'
/** SmartSession itself, which its sessions may not call: module-sdk's address, and that of 1.0. */
const SMART_SESSION: readonly Address[] = [
  '0x00000000008bdaba73cd9815d79069c247eb4bda',
  '0x00000000002b0ecfbd0496ee71e01257da0e37de',
]
/** Of ERC-20: the functions that a spending limit knows. */
const SPENDING: readonly string[] = [TRANSFER, TRANSFER_FROM, APPROVE]

/** A limit that a source keeps for one action. */
type Kept = { path: string; limit: bigint }

/** An action whose policies are read: what one call may be, and what is counted over calls. */
type Action = {
  path: string
  target: Address
  selector: Hex
  valueLimit: bigint
  words: WordBound[]
  uses?: Kept
  value?: Kept
  tokens?: Kept
}

/** Reads what may be called. All policies of an action must agree, so they narrow one grant. */
export function readActions(
  draft: SessionDraft,
  actions: SmartSession['actions'] | undefined,
  contracts: SmartSessionContracts,
): void {
  const { findings } = draft
  const list = findings.list('actions', actions)
  const read = list.flatMap(
    (action, i) => readAction(draft, `actions[${i}]`, action, contracts, list.length === 1) ?? [],
  )
  read.forEach(({ path, target, selector }, i) => {
    const isTwin = (other: Action) => other.target === target && other.selector === selector
    if (!read.slice(0, i).some(isTwin)) return
    findings.refuse(
      path,
      'a second action for one function: its policies come to the first one’s, or overwrite them',
      'say all policies of the function in one action',
    )
  })
  keepUses(draft, read)
  keepValue(draft, read)
  keepTokens(draft, read)
  for (const { path, target, selector, valueLimit, words } of read) {
    draft.grants.push({ path, target, selector, valueLimit, words })
  }
}

function readAction(
  draft: SessionDraft,
  path: string,
  source: SmartSession['actions'][number] | undefined,
  contracts: SmartSessionContracts,
  isOnly: boolean,
): Action | undefined {
  const { findings } = draft
  const target = findings.address(`${path}.actionTarget`, source?.actionTarget)
  const selector = findings.bytes(`${path}.actionTargetSelector`, source?.actionTargetSelector, 4)
  const place = `${path}.actionPolicies`
  const policies = readPolicies(findings, place, source?.actionPolicies, contracts)
  if (source?.actionPolicies?.length === 0) {
    findings.refuse(place, 'an action without policies permits nothing', 'drop it, or say sudo')
  }
  if (!target || !selector || !isCallable(draft, path, target, selector)) return undefined
  const isTransfer = selector === NO_CALLDATA
  const action: Action = {
    path,
    target,
    selector: isTransfer ? PLAIN_TRANSFER : selector,
    valueLimit: WORD_MAX,
    words: [],
  }
  for (const policy of policies) applyToAction(draft, action, policy, isOnly)
  if (isTransfer && action.words.length > 0) {
    findings.refuse(path, 'rules about the arguments of a call without any', 'drop the action')
  }
  return action
}

function isCallable({ findings }: SessionDraft, path: string, target: Address, selector: Hex) {
  if (target === ANY_TARGET) {
    findings.refuse(
      `${path}.actionTarget`,
      'every target that has no action of its own (the fallback action)',
      'name each target and function: no session permits "any target"',
    )
    return false
  }
  if (SMART_SESSION.some((each) => isAddressEqual(each, target))) {
    findings.refuse(`${path}.actionTarget`, 'SmartSession itself, which refuses that', 'drop it')
    return false
  }
  if (selector === PLAIN_TRANSFER) {
    findings.refuse(
      `${path}.actionTargetSelector`,
      'calldata that begins with four zero bytes; zero stands for no calldata here',
      'for a transfer without calldata, SmartSession’s selector is 0xffffffff',
    )
    return false
  }
  return true
}

function applyToAction(
  draft: SessionDraft,
  action: Action,
  policy: ReadPolicy,
  isOnly: boolean,
): void {
  const { findings } = draft
  const { path } = policy
  switch (policy.kind) {
    case 'sudo':
      return
    case 'universalAction':
      action.words.push(...policy.words)
      action.valueLimit = least(action.valueLimit, policy.valueLimit)
      return
    case 'timeFrame':
      return applyTimeFrame(draft, policy, isOnly)
    case 'usageLimit':
      if (policy.limit === 0n) return refuseUnset(draft, path)
      action.uses = { path, limit: policy.limit }
      return
    case 'valueLimit':
      if (policy.limit === 0n) return refuseUnset(draft, path)
      action.value = { path, limit: policy.limit }
      action.valueLimit = least(action.valueLimit, policy.limit)
      return
    case 'spendingLimits': {
      // A token named twice has the last limit.
      const limit = [...policy.limits].reverse().find(({ token }) => token === action.target)?.limit
      if (!limit || !SPENDING.includes(action.selector)) {
        return findings.refuse(
          path,
          'a spending limit that is not for this function of this token: every call fails',
          'drop the action, or name the token and transfer, transferFrom or approve',
        )
      }
      action.tokens = { path, limit }
      action.valueLimit = 0n
      return
    }
  }
}

/** Uses are counted for each action there, and for the whole session here. */
function keepUses(draft: SessionDraft, actions: readonly Action[]): void {
  const counted = actions.flatMap(({ uses }) => uses ?? [])
  for (const { path, limit } of counted) {
    if (counted.length < actions.length) {
      draft.findings.refuse(
        path,
        `${limit} uses of this action, while others are not counted`,
        `grant this action in a session of its own, with maxCalls ${limit}`,
      )
      continue
    }
    countCalls(draft, limit)
    if (counted.length === 1) draft.findings.same(path, `${limit} uses`, `${limit} calls`)
    else draft.findings.narrower(path, `${limit} uses`, `${limit} calls of all actions together`)
  }
}

/** Native value is totalled for each action there, and for the whole session here. */
function keepValue(draft: SessionDraft, actions: readonly Action[]): void {
  const sending = actions.filter(({ valueLimit }) => valueLimit > 0n)
  const kept = sending.flatMap(({ value }) => value ?? [])
  for (const { path, limit } of kept) {
    const words = `${sayWord(limit)} wei in total`
    if (kept.length < sending.length) {
      draft.findings.refuse(
        path,
        `${words} for this action, while others send value without a total`,
        'grant this action in a session of its own, with a budget for native value',
      )
      continue
    }
    draft.budgets.push({ path, token: NATIVE, amount: limit })
    if (kept.length === 1) draft.findings.same(path, words, 'a budget of that')
    else draft.findings.narrower(path, words, 'one budget for all actions together')
  }
}

/** Tokens are totalled for each action there, and for the whole session here. */
function keepTokens(draft: SessionDraft, actions: readonly Action[]): void {
  for (const { target, tokens } of actions) {
    if (!tokens) continue
    const { path, limit } = tokens
    const words = `${sayWord(limit)} of the token in total`
    draft.budgets.push({ path, token: target, amount: limit })
    const isAlone = actions.filter((other) => other.target === target).length === 1
    if (isAlone) draft.findings.same(path, words, 'a budget of that')
    else draft.findings.narrower(path, words, 'one budget for all functions of the token together')
  }
}
