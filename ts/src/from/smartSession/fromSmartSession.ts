import { NATIVE } from '../../session/session.js'
import { finishDraft } from '../finishDraft.js'
import type { ImportTerms, Imported } from '../imported.js'
import { sayWord } from '../range.js'
import { type SessionDraft, countCalls, startDraft } from '../sessionDraft.js'
import { applyTimeFrame, refuseUnset } from './applyTimeFrame.js'
import { readActions } from './readActions.js'
import { readMessages } from './readMessages.js'
import { type ReadPolicy, readPolicies } from './readPolicies.js'
import { readValidator } from './readValidator.js'
import type { SmartSession, SmartSessionContracts } from './smartSession.js'

/** Returns the session that says what a session of SmartSession v1 says.
 *
 * `contracts` names contracts of SmartSession that stand elsewhere than module-sdk's. Never throws
 * for what is in the input: everything that has no equal is in `refusals`, all at once. */
export function fromSmartSession(
  session: SmartSession,
  terms: ImportTerms,
  contracts: SmartSessionContracts = {},
): Imported {
  const path = 'permitERC4337Paymaster'
  const who = session.permitERC4337Paymaster ? 'anybody' : 'nobody'
  const draft = startDraft(terms, { path, who })
  const { findings } = draft

  const chainId = findings.whole('chainId', session.chainId, 256)
  if (chainId !== undefined && chainId !== terms.chainId) {
    findings.refuse(
      'chainId',
      `it is for chain ${chainId}, the import is for ${terms.chainId}`,
      'import it with the terms of its own chain',
    )
  }
  draft.delegate = readValidator(findings, session, contracts)
  const policies = readPolicies(findings, 'userOpPolicies', session.userOpPolicies, contracts)
  for (const policy of policies) applyToAll(draft, policy)
  readActions(draft, session.actions, contracts)
  readMessages(draft, session.erc7739Policies, contracts)
  return finishDraft(draft)
}

/** Applies a policy that is asked about each user operation as a whole. */
function applyToAll(draft: SessionDraft, policy: ReadPolicy): void {
  const { findings } = draft
  const { path } = policy
  switch (policy.kind) {
    case 'sudo':
      return
    case 'timeFrame':
      return applyTimeFrame(draft, policy, true)
    case 'usageLimit':
      if (policy.limit === 0n) return refuseUnset(draft, path)
      countCalls(draft, policy.limit)
      return findings.narrower(
        path,
        `${policy.limit} user operations`,
        `${policy.limit} calls: a batch counts each of its calls`,
      )
    case 'valueLimit':
      if (policy.limit === 0n) return refuseUnset(draft, path)
      draft.budgets.push({ path, token: NATIVE, amount: policy.limit })
      return findings.same(
        path,
        `${sayWord(policy.limit)} wei in total`,
        `a budget of ${sayWord(policy.limit)} wei`,
      )
    case 'spendingLimits':
    case 'universalAction':
      return findings.refuse(
        path,
        'a policy for actions that is asked about user operations: it has no such check, so every operation fails',
        'put it with the actions that it is for',
      )
  }
}
