import { isAddressEqual } from 'viem'
import { DELEGATE_KIND } from '../../session/session.js'
import { finishDraft } from '../finishDraft.js'
import type { ImportTerms, Imported } from '../imported.js'
import { type SessionDraft, startDraft } from '../sessionDraft.js'
import type { PermissionRequest } from './permissionRequest.js'
import { readFrame } from './readFrame.js'
import { readPermission } from './readPermission.js'

/** Returns the session that says what an ERC-7715 request asks for.
 *
 * Never throws for what is in the input: everything that has no equal is in `refusals`, all at
 * once. A request that allows no adjustment is granted as it is, or not at all. */
export function fromPermissionRequest(asked: PermissionRequest, terms: ImportTerms): Imported {
  const draft = startDraft(terms, { path: 'permission', who: 'anybody' })
  const { findings } = draft
  // What is no object says nothing.
  const request: Partial<PermissionRequest> = asked ?? {}
  readParties(draft, request)
  const { payees, isAdjustmentAllowed } = readFrame(draft, request)
  readPermission(draft, request, payees)
  const imported = finishDraft(draft)
  if (isAdjustmentAllowed) return imported
  const adjusted = imported.comparisons.filter(
    ({ path, relation }) =>
      relation === 'narrower' && /^(permission\.data|terms\.(receivers|valid))/.test(path),
  )
  if (adjusted.length === 0) return imported
  for (const { path, source, session } of adjusted) {
    findings.refuse(
      path,
      `${source} becomes ${session}, and the request allows no adjustment`,
      'ask with isAdjustmentAllowed, or for what a session can say',
    )
  }
  return { comparisons: findings.comparisons, refusals: findings.refusals }
}

function readParties(draft: SessionDraft, request: Partial<PermissionRequest>): void {
  const { findings, terms } = draft
  const chainId = findings.whole('chainId', request.chainId, 256)
  if (chainId !== undefined && chainId !== terms.chainId) {
    findings.refuse(
      'chainId',
      `it asks on chain ${chainId}, the import is for ${terms.chainId}`,
      'answer it with the terms of its own chain',
    )
  }
  if (request.from !== undefined && request.from !== null) {
    const from = findings.address('from', request.from)
    if (from && !isAddressEqual(from, terms.account)) {
      findings.refuse(
        'from',
        `it asks ${from}, the import is for ${terms.account}`,
        'ask the account that it names',
      )
    }
  }
  const delegate = findings.address('to', request.to)
  if (delegate === undefined) return
  draft.delegate = { address: delegate, kind: DELEGATE_KIND.secp256k1 }
  findings.same('to', `${delegate} redeems`, `the delegate ${delegate}, secp256k1`)
}
