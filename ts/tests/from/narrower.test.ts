import assert from 'node:assert/strict'
import test from 'node:test'
import { type Session, sessionId } from 'smart-session'
import { unpackSession, packSession } from 'smart-session/format'
import {
  type ImportTerms,
  type Imported,
  fromDelegation,
  fromKernelPermission,
  fromPermissionRequest,
  fromSmartSession,
} from 'smart-session/from'
import { checkSession } from 'smart-session/owner'
import { ALICE, MODULE } from '../sessions.js'
import {
  END,
  PAYMASTERS,
  START,
  someDelegation,
  someKernelPermission,
  someRequest,
  someSmartSession,
} from './generate.js'
import { delegationJudge } from './judges/delegation.js'
import { kernelJudge } from './judges/kernel.js'
import type { Judge } from './judges/operation.js'
import { requestJudge } from './judges/request.js'
import { sessionJudge } from './judges/session.js'
import { smartSessionJudge } from './judges/smartSession.js'
import { operationFor } from './operations.js'
import { type Random, random } from './random.js'
import { someTerms } from './terms.js'

/** How many sources of each system are imported, and how many operations each is tried with. */
const SOURCES = 1_500
const OPERATIONS = 40

type Case = { imported: Imported; judge: Judge }

const SYSTEMS: { [system: string]: (chance: Random, terms: ImportTerms) => Case } = {
  'a SmartSession session'(chance, terms) {
    const { spec, input } = someSmartSession(chance)
    return { imported: fromSmartSession(input, terms), judge: smartSessionJudge(spec) }
  },
  'a Kernel permission'(chance, terms) {
    const { spec, input } = someKernelPermission(chance)
    return { imported: fromKernelPermission(input, terms), judge: kernelJudge(spec) }
  },
  'a MetaMask delegation'(chance, terms) {
    const { spec, input } = someDelegation(chance)
    return { imported: fromDelegation(input, terms), judge: delegationJudge(spec) }
  },
  'an ERC-7715 request'(chance, terms) {
    const { spec, input } = someRequest(chance)
    return { imported: fromPermissionRequest(input, terms), judge: requestJudge(spec) }
  },
}

for (const [system, make] of Object.entries(SYSTEMS)) {
  test(`whatever ${system} permits as imported, its source permitted`, () => {
    const seen = { imported: 0, refused: 0, allowed: 0, denied: 0, reused: 0 }
    for (let seed = 1; seed <= SOURCES; seed += 1) {
      const chance = random(seed)
      const { imported, judge } = make(chance, someTerms(chance))
      if (!imported.session) {
        seen.refused += 1
        assert.ok(imported.refusals.length > 0, `seed ${seed}`)
        for (const { path, meaning, remedy } of imported.refusals) {
          assert.ok(typeof path === 'string' && meaning && remedy, `seed ${seed}: ${path}`)
        }
        continue
      }
      seen.imported += 1
      holdsTogether(imported.session, seed)
      if (imported.session.permissions.length === 0) continue
      compare(imported.session, judge, chance, seed, seen)
    }

    // Nothing is shown by sources that are all refused, or by operations that never pass.
    assert.ok(seen.imported > SOURCES / 8 && seen.refused > SOURCES / 20, JSON.stringify(seen))
    assert.ok(seen.allowed > 2 * SOURCES && seen.denied > 2 * SOURCES, JSON.stringify(seen))
    assert.ok(seen.reused > SOURCES / 4, JSON.stringify(seen))
  })
}

/** What is imported can be enabled, and packed. */
function holdsTogether(session: Session, seed: number): void {
  checkSession(session, MODULE)
  assert.equal(
    sessionId(unpackSession(ALICE, packSession(session))),
    sessionId(session),
    `seed ${seed}`,
  )
}

function compare(
  session: Session,
  source: Judge,
  chance: Random,
  seed: number,
  seen: { allowed: number; denied: number; reused: number },
): void {
  const own = sessionJudge(session)
  const moments = [START, END, START + 86_400n, START + 43_200n]
  let before = 0
  for (let i = 0; i < OPERATIONS; i += 1) {
    const operation = operationFor(session, chance, moments, PAYMASTERS)
    if (!own(operation)) {
      seen.denied += 1
      continue
    }
    const told = () =>
      JSON.stringify({ seed, i, operation, session }, (_, v) =>
        typeof v === 'bigint' ? `${v}` : v,
      )
    assert.ok(source(operation), `the source refuses what the session permits: ${told()}`)
    seen.allowed += 1
    before += 1
  }
  if (before > 1) seen.reused += 1
}

/** What an import always narrows, or what the terms do: not what a policy says. */
const BESIDE = /^$|^(terms\..*|permitERC4337Paymaster|delegate|permission|policies)$/

for (const [system, make] of Object.entries(SYSTEMS)) {
  test(`what ${system} permits is permitted as imported, where all is called the same`, () => {
    const seen = { exact: 0, allowed: 0 }
    for (let seed = 1; seed <= SOURCES; seed += 1) {
      const chance = random(seed)
      const { paymaster: _, ...rest } = someTerms(chance)
      const terms = { ...rest, feeLimit: 2n ** 90n }
      const { imported, judge } = make(chance, terms)
      const { session, comparisons } = imported
      const narrower = comparisons.filter(({ relation }) => relation === 'narrower')
      if (!session || narrower.some(({ path }) => !BESIDE.test(path))) continue
      seen.exact += 1
      seen.allowed += allowedByBoth(session, judge, chance, terms, seed)
    }

    assert.ok(seen.exact > SOURCES / 50 && seen.allowed > SOURCES / 4, JSON.stringify(seen))
  })
}

/** Who pays, and how much, is for the terms to say. */
const FREE = {
  preVerificationGas: 1n,
  verificationGasLimit: 1n,
  callGasLimit: 1n,
  maxFeePerGas: 1n,
  paymasterVerificationGasLimit: 0n,
  paymasterPostOpGasLimit: 0n,
}

function allowedByBoth(
  session: Session,
  source: Judge,
  chance: Random,
  terms: ImportTerms,
  seed: number,
): number {
  const own = sessionJudge(session)
  const most = terms.maxCalls ?? Infinity
  let calls = 0
  let allowed = 0
  for (let i = 0; i < OPERATIONS; i += 1) {
    const { at, calls: made } = operationFor(session, chance, [START, END], [])
    const operation = { ...FREE, at, calls: made }
    // The session's last second counts with the period before it; that is documented.
    const isWithin =
      operation.at >= BigInt(terms.validAfter ?? 0) &&
      operation.at < BigInt(terms.validUntil ?? session.validUntil) &&
      operation.at < BigInt(session.validUntil)
    if (!isWithin || calls + operation.calls.length > most || !source(operation)) continue
    const told = JSON.stringify({ seed, i, operation, session }, (_, v) =>
      typeof v === 'bigint' ? `${v}` : v,
    )
    assert.ok(own(operation), `the session refuses what the source permits: ${told}`)
    calls += operation.calls.length
    allowed += 1
  }
  return allowed
}
