import type { Address } from 'viem'
import { tell } from '../findings.js'
import type { SessionDraft } from '../sessionDraft.js'
import { type PermissionRequest, FIELDS } from './permissionRequest.js'
import { readRules } from './readRules.js'
import { refuseUnknown } from './refuseUnknown.js'

/** What a request says whatever is asked for. */
export type Frame = {
  /** Who may be paid, if the rules say so. */
  payees: readonly Address[] | undefined
  /** Whether something else than what is asked may be granted. */
  isAdjustmentAllowed: boolean
}

/** Reads what a request says whatever is asked for, beside its parties. */
export function readFrame(draft: SessionDraft, request: Partial<PermissionRequest>): Frame {
  const { permission } = request
  refuseUnknown(draft, '', request, FIELDS.request)
  refuseUnknown(draft, 'permission', permission, FIELDS.permission)
  const payees = readRules(draft, request)
  const adjustment: unknown = permission?.isAdjustmentAllowed
  if (typeof adjustment !== 'boolean') {
    draft.findings.refuse(
      'permission.isAdjustmentAllowed',
      `${tell(adjustment)} is neither true nor false`,
      'say whether less than what is asked may be granted',
    )
  }
  return { payees, isAdjustmentAllowed: adjustment !== false }
}
