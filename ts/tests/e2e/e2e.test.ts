import assert from 'node:assert/strict'
import test from 'node:test'
import type { AccountKind } from 'smart-session'
import { detectAccountKind } from 'smart-session/owner'
import { ACCOUNTS } from './accounts.js'
import { isFull } from './chainTests.js'
import { partyOf } from './party.js'
import { missing } from './processes.js'
import { SCENARIOS } from './scenarios.js'
import { setStage } from './stage.js'

const skip = isFull ? false : 'sessions through permissionless and alto: run scripts/test --full'

test('sessions end to end, with a bundler', { skip }, async (context) => {
  assert.equal(missing({ withAlto: true }), undefined)
  const stage = await setStage({ withAlto: true })
  context.after(stage.stop)
  for (const [kind, make] of Object.entries(ACCOUNTS) as [AccountKind, never][]) {
    const party = await partyOf(stage, kind, make)
    assert.equal(await detectAccountKind(stage.client, party.account.address), kind)
    for (const [name, play] of Object.entries(SCENARIOS)) {
      await context.test(`${kind}: ${name}`, () => play(party))
    }
  }
})
