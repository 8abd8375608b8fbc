import { type Hash, type Hex, concat, numberToHex, size } from 'viem'
import { SessionRefused } from '../errors/sessionRefused.js'
import type { Disclosure } from '../session/disclosure.js'
import { packSession } from '../session/packSession.js'
import { type DelegateKind, type Session, CAPS } from '../session/session.js'
import { sessionId } from '../session/sessionId.js'
import { checkCount } from './execution.js'

/** `userOp.signature` before the delegate has signed it. */
export type OperationDraft = {
  /** The session's id. */
  readonly sessionId: Hash
  /** The kind of key that will sign. */
  readonly delegateKind: DelegateKind
  /** Everything that travels before the signatures, which the delegate's signature covers. */
  readonly disclosed: Hex
  /** The owner's signature; only where the operation enables the session. */
  readonly ownerSignature: Hex | undefined
}

/** What an operation does within its session. */
export type OperationTerms = {
  session: Session
  /** For each execution, the index of the permission that covers it. */
  permissions: readonly number[]
  /** The moment, in unix seconds, for which periodic budgets are used. The EntryPoint proves it:
   * the operation holds only in the periods it is in. Wanted exactly if a budget has a period. */
  claimedTime?: number | undefined
}

/** Drafts an operation in either mode. */
export function draftOperation(
  mode: Hex,
  terms: OperationTerms,
  disclosure: Disclosure,
  ownerSignature: Hex | undefined,
): OperationDraft {
  if (ownerSignature !== undefined) packOwner(ownerSignature)
  return {
    sessionId: sessionId(terms.session),
    delegateKind: terms.session.delegateKind,
    disclosed: concat([packUse(mode, terms, disclosure), claimed(terms)]),
    ownerSignature,
  }
}

/** Mode, session, and an index for each execution. */
export function packUse(
  mode: Hex,
  { session, permissions }: OperationTerms,
  disclosure: Disclosure,
): Hex {
  const packed = packSession(session, disclosure)
  checkPermissions(session, permissions, disclosure)
  const indices = permissions.map((index) => numberToHex(index, { size: 1 }))
  return concat([mode, packed, ...indices])
}

/** An owner's signature behind its length. */
export function packOwner(signature: Hex): Hex {
  const got = size(signature)
  if (got > CAPS.ownerSignature) {
    throw new SessionRefused(
      'OwnerSignatureTooLong',
      `the owner's signature has ${got} bytes, at most ${CAPS.ownerSignature} are allowed`,
      'enable the session by a call of the account itself',
    )
  }
  return concat([numberToHex(got, { size: 2 }), signature])
}

function checkPermissions(
  session: Session,
  permissions: readonly number[],
  disclosure: Disclosure,
): void {
  checkCount(permissions.length)
  permissions.forEach((index, execution) => {
    if (session.permissions[index] === undefined) {
      throw new SessionRefused(
        'UnknownPermission',
        `execution ${execution} names permission ${index}, the session has ` +
          `${session.permissions.length}`,
        'count from 0, in the order of the session',
      )
    }
    if (disclosure.permissions?.includes(index) === false) {
      throw new SessionRefused(
        'HiddenPermission',
        `execution ${execution} names permission ${index}, which is hidden`,
        'disclose it',
      )
    }
  })
}

function claimed({ session, claimedTime }: OperationTerms): Hex {
  const hasPeriod = session.budgets.some((budget) => budget.period > 0)
  if (!hasPeriod) {
    if (claimedTime === undefined) return '0x'
    throw new SessionRefused(
      'ClaimedTimeNotWanted',
      'a time is claimed, but no budget of the session has a period',
      'leave claimedTime out',
    )
  }
  if (claimedTime === undefined) {
    throw new SessionRefused(
      'ClaimedTimeMissing',
      'a budget of the session has a period, and no time is claimed',
      'give claimedTime, the present in unix seconds',
    )
  }
  const isWithin = session.validAfter <= claimedTime && claimedTime <= session.validUntil
  if (!Number.isInteger(claimedTime) || !isWithin) {
    throw new SessionRefused(
      'ClaimedTimeOutsideWindow',
      `the time ${claimedTime} is outside the session's window`,
      `act from ${session.validAfter} to ${session.validUntil} (unix seconds)`,
    )
  }
  return numberToHex(claimedTime, { size: 6 })
}
