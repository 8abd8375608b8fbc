import { SessionRefused } from '../errors/sessionRefused.js'
import { checkChainListed } from './checkChainListed.js'
import type { Session } from './session.js'

/** Which grants of a session travel in full. Restrictions (window, limits, budgets, rules) always
 * do: hiding one would add power. What is left out here travels in full. */
export type Disclosure = {
  /** The one chain to disclose. */
  chainId?: bigint
  /** The indices of the permissions to disclose. Empty: the list travels as one hash. */
  permissions?: readonly number[]
  /** The indices of the signing scopes to disclose. Empty: the list travels as one hash. */
  signing?: readonly number[]
}

/** Everything in full, as enabling demands. */
export const WHOLE: Disclosure = {}

/** The lists of a session whose entries may travel as hashes. */
export const MAY_HIDE: readonly string[] = ['chains', 'permissions', 'signing']

/** Returns the disclosure of exactly what an operation uses: the shortest in most sessions. */
export function discloseUsed(chainId: bigint, permissions: readonly number[]): Disclosure {
  return { chainId, permissions: [...new Set(permissions)], signing: [] }
}

/** Checks that a session has what is to be disclosed.
 *
 * @throws {@link SessionRefused} if it does not. */
export function checkDisclosure(
  session: Session,
  { chainId, permissions, signing }: Disclosure,
): void {
  if (chainId !== undefined) checkChainListed(session, chainId)
  const check = (list: string, indices: readonly number[] = [], length: number) => {
    const got = indices.find((i) => !Number.isInteger(i) || i < 0 || i >= length)
    if (got === undefined) return
    throw new SessionRefused(
      'UnknownPermission',
      `${list}[${got}] is to be disclosed, the session has ${length}`,
      'count from 0, in the order of the session',
    )
  }
  check('permissions', permissions, session.permissions.length)
  check('signing', signing, session.signing.length)
}
