/** What can be wrong with a session or an operation before anything is sent.
 *
 * A name that the module's ABI has too means the same there. */
export type RefusalCode =
  // what no session can carry
  | 'MalformedAddress'
  | 'MalformedBytes'
  | 'NumberTooWide'
  | 'TooMany'
  | 'MissingList'
  | 'UnknownDelegateKind'
  // what the module never enables, or never lets be called
  | 'RefusedDelegate'
  | 'RefusedWindow'
  | 'RefusedTime'
  | 'RefusedMaxCalls'
  | 'FeesUncounted'
  | 'NoChain'
  | 'DuplicateChain'
  | 'BannedTarget'
  | 'BannedDomain'
  | 'RulesWithoutSelector'
  | 'EmptyRule'
  | 'RefusedBudget'
  | 'DuplicateBudget'
  | 'UncountableTokenCall'
  // what is no packed session
  | 'Truncated'
  | 'TrailingBytes'
  | 'NonCanonicalNumber'
  | 'UnknownTag'
  | 'ReservedPaymaster'
  | 'HiddenPart'
  // what is no operation of the session
  | 'ChainNotListed'
  | 'WrongEpoch'
  | 'SessionNotEnabled'
  | 'SessionRevokedForEver'
  | 'UnknownPermission'
  | 'HiddenPermission'
  | 'NoExecution'
  | 'TooManyExecutions'
  | 'UnsupportedCall'
  | 'UnsupportedExecutionMode'
  | 'MalformedExecution'
  | 'NotPermitted'
  | 'NotSignable'
  | 'MalformedMessage'
  | 'MalformedFunction'
  | 'MalformedGrant'
  | 'ClaimedTimeMissing'
  | 'ClaimedTimeNotWanted'
  | 'ClaimedTimeOutsideWindow'
  | 'OwnerSignatureTooLong'
  | 'RouteTooLong'
  | 'TooManySessions'
  | 'NotInstalled'
  // what is no delegate or account for a session
  | 'WrongKey'
  | 'WrongAccount'
  | 'UnusableSignature'
  | 'NoWebCrypto'
  | 'Cancelled'
  | 'UnknownAccountKind'
  | 'LaneTooWide'
  | 'UnsupportedEntryPoint'
  | 'NotForSessions'
  | 'WrongChain'
  | 'WrongNonce'
  // what is no order, or no permission response
  | 'OrdersUsedUp'
  | 'WrongOrderNonce'
  | 'RefusedDeadline'
  | 'NoMinimumGas'
  | 'NoContext'
  | 'MalformedContext'
  | 'WrongModule'
  | 'NoEqual'
  // what is not signed, as things stand
  | 'ClocksDiffer'
  | 'OutsideWindow'
  | 'NotDueYet'
  | 'FeeOverLimit'
  | 'FeeTooHigh'
  // what came back
  | 'Rejected'
  | 'WrongHash'
  | 'NotLanded'
  | 'EventsMissing'

/** A session or operation that would not be accepted: what is wrong, and what to do about it. */
export class SessionRefused extends Error {
  override readonly name = 'SessionRefused'
  /** What kind of refusal it is, for programs. */
  readonly code: RefusalCode
  /** What is wrong, one sentence. */
  readonly reason: string
  /** What to do about it, one sentence. */
  readonly remedy: string

  constructor(code: RefusalCode, reason: string, remedy: string, options?: ErrorOptions) {
    super(`${reason}: ${remedy}`, options)
    this.code = code
    this.reason = reason
    this.remedy = remedy
  }
}
