// Tests on the embedded chain without a bundler: an account, sessions of it, and what they do.

import assert from 'node:assert/strict'
import { type Delegate, type Session, type SessionCall, createSessionClient } from 'smart-session'
import { sessionTypedData } from 'smart-session/owner'
import { type Address, type Hash, type Hex, parseEther } from 'viem'
import { ACCOUNTS } from './accounts.js'
import { type Party, partyOf } from './party.js'
import { missing } from './processes.js'
import { setStage } from './stage.js'

const isWanted = ['CHAIN', 'FULL'].some(
  (name) => process.env[`SMART_SESSION_${name}`] !== undefined,
)

/** Whether all tests are wanted, those with a bundler too. */
export const isFull = process.env['SMART_SESSION_FULL'] !== undefined

/** Why tests on the chain are skipped, if they are. */
export const skip = isWanted ? false : 'sessions on the embedded chain: run scripts/test'

/** Starts a chain with a Nexus account that has the module installed.
 *
 * @param withAlto whether the bundler alto takes its operations. */
export async function startParty(
  context: { after: (stop: () => Promise<void>) => void },
  { withAlto } = { withAlto: false },
) {
  assert.equal(missing({ withAlto }), undefined)
  const stage = await setStage({ withAlto })
  context.after(stage.stop)
  return partyOf(stage, 'nexus', ACCOUNTS.nexus!)
}

/** Lets the owner sign a session, and returns what acts within it: the first call enables it. */
export async function signed(party: Party, session: Session, delegate: Delegate) {
  const { account, stage, signSession } = party
  const { bundler, module } = stage
  const ownerSignature = await signSession(sessionTypedData(module, session))
  const maxFee = parseEther('0.01')
  const terms = { account, module, session, delegate, ownerSignature, maxFee }
  const client = await createSessionClient(bundler, terms)
  return async (...calls: SessionCall[]): Promise<void> => {
    const hash: Hash = await client.send(calls)
    const { success } = await client.waitFor(hash)
    assert.ok(success, 'the calls succeed')
  }
}

/** What all sessions of a party's account have in common, for a delegate. */
export async function frameFor(party: Party, delegate: Delegate) {
  const {
    maxCalls: _,
    permissions: __,
    budgets: ___,
    signing: ____,
    ...frame
  } = await party.sessionFor(delegate)
  return frame
}

/** How much of a token an address has. */
export async function balanceOf({ stage }: Party, token: Address, of: Address): Promise<bigint> {
  const { data } = await stage.client.call({
    to: token,
    data: `0x70a08231${of.slice(2).padStart(64, '0')}` as Hex,
  })
  return BigInt(data ?? 0)
}
