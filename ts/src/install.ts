import { type Hex, concat, encodeAbiParameters, numberToHex, parseAbiParameters, size } from 'viem'
import type { AccountKind } from './account.js'
import { packSession } from './packed.js'
import { SessionRefused } from './refusal.js'
import { CAPS, type Session } from './session.js'

/** What an account says when it installs the module. */
export type InstallTerms = {
  /** How owners' signatures begin, at most 21 bytes: see {@link enableRoute}. `'any'` lets every
   * validator of the account enable sessions, `'closed'` lets no signature do so. */
  route: Hex | 'any' | 'closed'
  /** Sessions to enable at once, at most 8. */
  sessions?: readonly Session[]
}

/** Bytes. */
const LONGEST_ROUTE = 21

/** Returns the data with which an account installs the module as a validator.
 *
 * @throws {@link SessionRefused} if the route is too long, or there are too many sessions. */
export function installData({ route, sessions = [] }: InstallTerms): Hex {
  if (sessions.length > CAPS.sessionsAtInstall) {
    throw new SessionRefused(
      'TooManySessions',
      `${sessions.length} sessions in one install, at most ${CAPS.sessionsAtInstall} are allowed`,
      'enable the rest afterwards',
    )
  }
  const packed = sessions.flatMap((session) => {
    const bytes = packSession(session)
    return [numberToHex(size(bytes), { size: 2 }), bytes]
  })
  const count = numberToHex(sessions.length, { size: 1 })
  return concat(['0x01', routeBytes(route), count, ...packed])
}

function routeBytes(route: InstallTerms['route']): Hex {
  if (route === 'any') return '0x00'
  if (route === 'closed') return '0xff'
  const length = size(route)
  if (length === 0 || length > LONGEST_ROUTE) {
    throw new SessionRefused(
      'RouteTooLong',
      `the enable route has ${length} bytes, at most ${LONGEST_ROUTE} are allowed`,
      "take it from enableRoute, or say 'any'",
    )
  }
  return concat([numberToHex(length, { size: 1 }), route])
}

/** Returns install data as an account of that kind takes it in `installModule`.
 *
 * Kernel wants a hook (none) before it, and to be told that the validator may be used for
 * `execute`. */
export function installContext(kind: AccountKind, data: Hex): Hex {
  if (kind !== 'kernel') return data
  const execute = '0xe9ae5c53'
  const parts = parseAbiParameters('bytes validatorData, bytes hookData, bytes selectorData')
  return concat([`0x${'00'.repeat(20)}`, encodeAbiParameters(parts, [data, '0x', execute])])
}
