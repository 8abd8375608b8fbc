import {
  type Address,
  type Hash,
  type Hex,
  concat,
  hashTypedData,
  keccak256,
  numberToHex,
  size,
} from 'viem'
import { dummyDelegateSignature } from './delegate.js'
import { checkCount } from './execution.js'
import { type Disclosure, WHOLE, packSession } from './packed.js'
import { SessionRefused } from './refusal.js'
import { CAPS, type DelegateKind, type Session } from './session.js'
import { operationTypedData, sessionId } from './typed-data.js'

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

/** Drafts an operation of a session that is enabled.
 *
 * @throws {@link SessionRefused} if the module would refuse to read it. */
export function draftUse(terms: OperationTerms, disclosure: Disclosure = WHOLE): OperationDraft {
  return draft('0x00', terms, disclosure, undefined)
}

/** Drafts an operation that enables its session with the owner's signature. If the session is
 * enabled when it lands, the owner's signature is not looked at.
 *
 * @throws {@link SessionRefused} if the module would refuse to read it. */
export function draftEnable(terms: OperationTerms, ownerSignature: Hex): OperationDraft {
  return draft('0x01', terms, WHOLE, ownerSignature)
}

/** Returns what {@link executeCall} gives the module instead of `userOp.signature`: the caller is
 * the delegate, so there is no signature of it, and the chain knows the time.
 *
 * @param ownerSignature with it, the call enables the session; then the session travels whole.
 * @throws {@link SessionRefused} if the module would refuse to read it. */
export function packDirect(
  terms: Omit<OperationTerms, 'claimedTime'>,
  disclosure: Disclosure = WHOLE,
  ownerSignature?: Hex,
): Hex {
  if (ownerSignature === undefined) return packUse('0x00', terms, disclosure)
  return concat([packUse('0x01', terms, WHOLE), packOwner(ownerSignature)])
}

/** Returns the disclosure of exactly what an operation uses: the shortest in most sessions. */
export function discloseUsed(chainId: bigint, permissions: readonly number[]): Disclosure {
  return { chainId, permissions: [...new Set(permissions)], signing: [] }
}

/** Returns the digest that the delegate signs for a user operation: EIP-712, in the module's
 * domain. The hash of the user operation leaves its signature out, so the session and everything
 * disclosed is bound here. */
export function operationDigest(module: Address, draft: OperationDraft, userOpHash: Hash): Hash {
  const disclosure = keccak256(draft.disclosed)
  return hashTypedData(
    operationTypedData(module, { userOpHash, sessionId: draft.sessionId, disclosure }),
  )
}

/** Returns `userOp.signature`. */
export function sealOperation(draft: OperationDraft, delegateSignature: Hex): Hex {
  const { disclosed, ownerSignature } = draft
  if (ownerSignature === undefined) return concat([disclosed, delegateSignature])
  return concat([disclosed, packOwner(ownerSignature), delegateSignature])
}

/** Returns `userOp.signature` with a delegate's signature that never holds and costs the module
 * the same gas as a real one: for estimating. */
export function dummyOperation(draft: OperationDraft): Hex {
  return sealOperation(draft, dummyDelegateSignature(draft.delegateKind))
}

function draft(
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
function packUse(mode: Hex, { session, permissions }: OperationTerms, disclosure: Disclosure): Hex {
  const packed = packSession(session, disclosure)
  checkPermissions(session, permissions, disclosure)
  const indices = permissions.map((index) => numberToHex(index, { size: 1 }))
  return concat([mode, packed, ...indices])
}

/** An owner's signature behind its length. */
function packOwner(signature: Hex): Hex {
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
