import { isAddressEqual } from 'viem'
import type { SmartAccount } from 'viem/account-abstraction'
import type { Delegate } from '../accounts/delegate.js'
import { SessionRefused } from '../errors/sessionRefused.js'
import type { Session } from '../session/session.js'

/** Checks that account, session and delegate belong together.
 *
 * @throws {@link SessionRefused} if they do not. */
export function checkTogether(account: SmartAccount, session: Session, delegate: Delegate): void {
  if (account.entryPoint.version === '0.6') {
    throw new SessionRefused(
      'UnsupportedEntryPoint',
      'the account works with EntryPoint 0.6',
      'use an account for EntryPoint 0.7 or later',
    )
  }
  if (!isAddressEqual(account.address, session.account)) {
    throw new SessionRefused(
      'WrongAccount',
      `the session is for ${session.account}, the account is ${account.address}`,
      "make the account with the session's address",
    )
  }
  checkDelegate(session, delegate)
}

/** Checks that a session is for a delegate.
 *
 * @throws {@link SessionRefused} if it is for another one. */
export function checkDelegate(session: Session, delegate: Delegate): void {
  if (
    delegate.kind !== session.delegateKind ||
    !isAddressEqual(delegate.address, session.delegate)
  ) {
    throw new SessionRefused(
      'WrongKey',
      `the session's delegate is ${session.delegate} (kind ${session.delegateKind}), ` +
        `the key is ${delegate.address} (kind ${delegate.kind})`,
      'use the key that the session was granted to',
    )
  }
}
