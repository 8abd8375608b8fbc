import assert from 'node:assert/strict'
import test from 'node:test'
import {
  ANY_PAYMASTER,
  type Session,
  checkSession,
  sessionId,
  unpackSession,
  packSession,
} from 'smart-session'
import {
  type ImportTerms,
  type Imported,
  fromDelegation,
  fromKernelPermission,
  fromPermissionRequest,
  fromSmartSession,
} from 'smart-session/from'
import { ALICE, MODULE } from '../sessions.js'
import {
  END,
  PAYMASTERS,
  START,
  TARGETS,
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

function someTerms({ onceIn, pick, below }: Random): ImportTerms {
  return {
    account: ALICE,
    chainId: 42161n,
    epoch: 0n,
    module: MODULE,
    feeLimit: BigInt(1 + below(100_000)),
    salt: 7n,
    ...(onceIn(2) && { validAfter: Number(START) + below(3) * 43_200 }),
    ...(!onceIn(8) && { validUntil: Number(END) - below(3) }),
    ...(onceIn(4) && { maxCalls: 1 + below(10) }),
    ...(onceIn(3) && { paymaster: pick([...PAYMASTERS, ANY_PAYMASTER]) }),
    ...(onceIn(2) && { receivers: TARGETS.slice(0, 1 + below(2)) }),
  }
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
