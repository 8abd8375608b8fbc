import { type Address, type Hex, isAddressEqual, size, slice } from 'viem'
import { NATIVE, PLAIN_TRANSFER } from '../../session/session.js'
import { TRANSFER } from '../../session/token.js'
import { least, sayWord } from '../range.js'
import { type SessionDraft, beginAt, countCalls, endWith } from '../sessionDraft.js'
import { type Calls, allowSelectors, allowTargets, fixBytes, isReserved } from './calls.js'
import type { SayableEnforcer } from './delegation.js'

/** Where a caveat stands, and what its enforcer is told. */
type Told = { path: string; terms: Hex; delegate: Address }

/** Narrows a draft and its calls to what a caveat allows. */
export function readCaveat(
  draft: SessionDraft,
  calls: Calls,
  enforcer: SayableEnforcer,
  told: Told,
): void {
  const { path, terms } = told
  const { findings } = draft
  const length = size(terms)
  const malformed = () =>
    findings.refuse(`${path}.terms`, `${length} bytes, not what ${enforcer} takes`, 'make it anew')
  switch (enforcer) {
    case 'AllowedTargetsEnforcer':
      if (length === 0 || length % 20 !== 0) return malformed()
      return allowTargets(calls, split(terms, 20))
    case 'AllowedMethodsEnforcer':
      if (length === 0 || length % 4 !== 0) return malformed()
      return readMethods(draft, calls, path, split(terms, 4))
    case 'AllowedCalldataEnforcer':
      if (length < 33) return malformed()
      return readCalldata(draft, calls, path, BigInt(slice(terms, 0, 32)), slice(terms, 32))
    case 'ExactCalldataEnforcer':
      if (length === 0) return allowSelectors(calls, [PLAIN_TRANSFER])
      return findings.refuse(
        path,
        'one exact calldata: a session bounds words, not the length',
        'use allowedCalldata if bytes behind it do no harm, or let the account make the call',
      )
    case 'ValueLteEnforcer':
      if (length !== 32) return malformed()
      calls.valueLimit = least(calls.valueLimit, BigInt(terms))
      return
    case 'NativeTokenTransferAmountEnforcer':
      if (length !== 32) return malformed()
      return limitNative(draft, calls, path, BigInt(terms))
    case 'ERC20TransferAmountEnforcer':
      if (length !== 52) return malformed()
      return limitToken(draft, calls, path, slice(terms, 0, 20), BigInt(slice(terms, 20)))
    case 'NativeTokenPeriodTransferEnforcer':
      if (length !== 96) return malformed()
      return limitNative(draft, calls, path, ...readPeriod(terms))
    case 'ERC20PeriodTransferEnforcer':
      if (length !== 116) return malformed()
      return limitToken(draft, calls, path, slice(terms, 0, 20), ...readPeriod(slice(terms, 20)))
    case 'TimestampEnforcer':
      if (length !== 32) return malformed()
      return readTimes(draft, path, BigInt(slice(terms, 0, 16)), BigInt(slice(terms, 16)))
    case 'LimitedCallsEnforcer':
      if (length !== 32) return malformed()
      return limitCalls(draft, path, BigInt(terms))
    case 'RedeemerEnforcer':
      if (length === 0 || length % 20 !== 0) return malformed()
      if (split(terms, 20).some((each) => isAddressEqual(each, told.delegate))) return
      return findings.refuse(
        path,
        'the delegate itself may not redeem it, only those it delegates to further',
        'grant the session to the redeemer',
      )
    case 'NonceEnforcer':
      return findings.same(
        path,
        'ended by raising the nonce',
        'ended by revoking all sessions (see that the nonce is still the current one)',
      )
  }
}

function readMethods(draft: SessionDraft, calls: Calls, path: string, selectors: Hex[]): void {
  allowSelectors(calls, selectors)
  for (const selector of selectors.filter(isReserved)) {
    draft.findings.refuse(
      path,
      `the function ${selector}, a selector that stands for something else here`,
      'name another function',
    )
  }
}

function readCalldata(
  draft: SessionDraft,
  calls: Calls,
  path: string,
  start: bigint,
  bytes: Hex,
): void {
  if (fixBytes(calls, path, start, bytes)) {
    for (const selector of calls.selectors?.filter(isReserved) ?? []) {
      readMethods(draft, calls, path, [selector])
    }
    return
  }
  draft.findings.refuse(
    path,
    `${size(bytes)} bytes from byte ${start} of the calldata on`,
    'begin at byte 0 with a whole selector, or at an argument (4 + 32 · n, n up to 255)',
  )
}

/** The interval is open there: neither bound is within it. A zero stands for no bound. */
function readTimes(draft: SessionDraft, path: string, after: bigint, before: bigint): void {
  if (after > 0n) beginAt(draft, after + 1n)
  if (before > 0n) endWith(draft, before - 1n)
  const words = [after > 0n ? `after ${after}` : '', before > 0n ? `before ${before}` : '']
  draft.findings.same(path, words.filter(Boolean).join(', ') || 'any time', 'the same seconds')
}

function limitCalls(draft: SessionDraft, path: string, limit: bigint): void {
  countCalls(draft, limit)
  draft.findings.narrower(
    path,
    `${sayWord(limit)} redemptions`,
    `${sayWord(limit)} calls: a batch counts each of its calls`,
  )
}

type Every = { period: bigint; start: bigint }

function readPeriod(terms: Hex): [amount: bigint, every: Every] {
  const [amount, period, start] = [0, 32, 64].map((i) => BigInt(slice(terms, i, i + 32))) as [
    bigint,
    bigint,
    bigint,
  ]
  return [amount, { period, start }]
}

function limitNative(
  draft: SessionDraft,
  calls: Calls,
  path: string,
  amount: bigint,
  every?: Every,
): void {
  if (!startPeriods(draft, path, every)) return
  calls.valueLimit = least(calls.valueLimit, amount)
  if (amount > 0n) draft.budgets.push({ path, token: NATIVE, amount, ...(every && { every }) })
  draft.findings.same(path, `${sayWord(amount)} wei${sayEvery(every)}`, 'a budget of that')
}

function limitToken(
  draft: SessionDraft,
  calls: Calls,
  path: string,
  token: Address,
  amount: bigint,
  every?: Every,
): void {
  if (!startPeriods(draft, path, every)) return
  allowTargets(calls, [token])
  allowSelectors(calls, [TRANSFER])
  calls.valueLimit = 0n
  draft.budgets.push({ path, token, amount, ...(every && { every }) })
  draft.findings.narrower(
    path,
    `transfers of ${token}, ${sayWord(amount)}${sayEvery(every)}, with any value`,
    'the same, without value',
  )
}

function startPeriods(draft: SessionDraft, path: string, every?: Every): boolean {
  if (!every) return true
  beginAt(draft, every.start)
  if (every.start > 0n && every.period > 0n) return true
  draft.findings.refuse(
    `${path}.terms`,
    'a start or a period of zero, which the enforcer refuses',
    'give both in seconds',
  )
  return false
}

function sayEvery(every?: Every): string {
  return every ? ` in each ${sayWord(every.period)} seconds from ${every.start} on` : ' in total'
}

function split(bytes: Hex, length: number): Hex[] {
  return Array.from({ length: size(bytes) / length }, (_, i) =>
    slice(bytes, length * i, length * (i + 1)),
  )
}
