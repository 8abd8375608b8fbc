import type { Address } from 'viem'
import { SessionRefused } from '../../errors/sessionRefused.js'
import type { Session } from '../../session/session.js'
import { tell } from '../findings.js'
import type { ImportTerms } from '../imported.js'
import { type BudgetGrant, type SessionDraft, startDraft } from '../sessionDraft.js'
import type { PermissionRequest } from './permissionRequest.js'
import { type Frame, readFrame } from './readFrame.js'
import { readPermission } from './readPermission.js'

/** What a request asks for, all of it such that a session can hold it. */
export type Asked = Frame & {
  permission: PermissionRequest['permission']
  /** The first second, where the request names one. */
  first: bigint | undefined
  /** The last second, if it ends. */
  last: bigint | undefined
  /** How much, of which token; `undefined` of a type that is an app's own. */
  total: BudgetGrant | undefined
}

/** The chain and the module that a session is for. */
export type Where = Pick<ImportTerms, 'chainId' | 'epoch' | 'module'>

/** Reads what a request asks of the session that answers it, as the import reads it.
 *
 * The types of an app's own are asked for with rules that hold for every session.
 *
 * @throws {@link SessionRefused} (`NoEqual`) for the first thing that no session can hold, or that is
 * malformed. */
export function readAsked(
  request: PermissionRequest,
  session: Session,
  where: Where,
): Asked {
  const receivers = session.permissions.map(({ target }) => target)
  const terms = { ...session, ...where, receivers }
  const draft = startDraft(terms, { path: 'permission', who: 'anybody' })
  draft.delegate = { address: session.delegate.toLowerCase() as Address, kind: 0 }
  const frame = readFrame(draft, request)
  const { type, data } = request.permission ?? {}
  const isOwnType = isOwn(type)
  if (isOwnType) checkOwn(draft, data, frame)
  else readPermission(draft, request, frame.payees)
  const [refusal] = draft.findings.refusals
  if (refusal !== undefined) {
    const place = refusal.path === '' ? 'the request' : refusal.path
    throw new SessionRefused('NoEqual', `${place}: ${refusal.meaning}`, refusal.remedy)
  }
  return {
    ...frame,
    permission: request.permission,
    first: isOwnType || data?.['startTime'] == null ? undefined : draft.validAfter,
    last: draft.validUntil,
    total: draft.budgets[0],
  }
}

/** Whether a type of permission is an app's own, which wallet and app know: none of native value or
 * of tokens, whose types are public. */
function isOwn(type: unknown): boolean {
  return typeof type === 'string' && !/^(native|token|erc\d+|)(-|$)/i.test(type)
}

/** Who may be paid is held for amounts only. */
function checkOwn({ findings }: SessionDraft, data: unknown, { payees }: Frame): void {
  if (typeof data !== 'object' || data === null || Array.isArray(data)) {
    findings.refuse('permission.data', `${tell(data)} is not what belongs here`, 'give an object')
  }
  if (payees === undefined) return
  findings.refuse(
    'rules',
    'payees of no amount',
    'leave it out',
  )
}
