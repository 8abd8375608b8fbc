import { type Hex, concat, numberToHex, size } from 'viem'
import { SessionRefused } from '../errors/sessionRefused.js'
import { packSession } from '../session/packSession.js'
import { type Session, CAPS } from '../session/session.js'

/** What an account says when it installs the module. */
export type InstallTerms = {
  /** What it is installed as with this data: a validator if left out. `'both'` is for accounts that
   * install several types with one call.
   *
   * As an executor it gives every session of the account the direct path, older ones too: a
   * paymaster that a session names is no gate there, and its `feeLimit` no total. Say so to the
   * owner. */
  as?: 'validator' | 'executor' | 'both'
  /** How owners' signatures begin, at most 21 bytes: see {@link enableRoute}. `'any'` lets every
   * validator of the account enable sessions, `'closed'` lets no signature do so. The route of the
   * last install holds, whatever its type. */
  route: Hex | 'any' | 'closed'
  /** Sessions to enable at once, at most 8. */
  sessions?: readonly Session[]
}

/** Bytes. */
const LONGEST_ROUTE = 21

const TYPES = { validator: '0x01', executor: '0x02', both: '0x03' } as const

/** Returns the data with which an account installs the module.
 *
 * @throws {@link SessionRefused} if the route is too long, or there are too many sessions. */
export function installData({ as = 'validator', route, sessions = [] }: InstallTerms): Hex {
  if (sessions.length > CAPS.sessionsAtInstall) {
    throw new SessionRefused(
      'TooManySessions',
      `${sessions.length} sessions in one install, at most ${CAPS.sessionsAtInstall} are allowed`,
      'enable the rest afterwards',
    )
  }
  const packed = sessions.flatMap((session) => {
    const bytes = packSession(session)
    return [numberToHex(size(bytes), { size: 4 }), bytes]
  })
  const count = numberToHex(sessions.length, { size: 1 })
  return concat([TYPES[as], routeBytes(route), count, ...packed])
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
