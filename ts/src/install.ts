import { type Hex, concat, encodeAbiParameters, numberToHex, parseAbiParameters, size } from 'viem'
import type { AccountKind } from './account.js'
import { packSession } from './packed.js'
import { SessionRefused } from './refusal.js'
import { CAPS, type Session } from './session.js'

/** What an account says when it installs the module. */
export type InstallTerms = {
  /** What it is installed as with this data: a validator if left out. `'both'` is for accounts that
   * install several types with one call. */
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
/** Bytes; their number travels in 16 bits. */
const LONGEST_SESSION = 65_535

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
    if (size(bytes) > LONGEST_SESSION) {
      throw new SessionRefused(
        'TooMany',
        `a session of ${size(bytes)} bytes does not fit into install data`,
        'enable it afterwards',
      )
    }
    return [numberToHex(size(bytes), { size: 2 }), bytes]
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

/** Returns install data as an account of that kind takes it in `installModule`.
 *
 * Kernel wants a hook (none) before it, and to be told that the validator may be used for
 * `execute`.
 *
 * @param as what `installModule` is told: each type is a call of its own on these accounts. */
export function installContext(
  kind: AccountKind,
  data: Hex,
  as: 'validator' | 'executor' = 'validator',
): Hex {
  if (kind !== 'kernel') return data
  const noHook: Hex = `0x${'00'.repeat(20)}`
  if (as === 'executor') {
    const parts = parseAbiParameters('bytes executorData, bytes hookData')
    return concat([noHook, encodeAbiParameters(parts, [data, '0x'])])
  }
  const execute = '0xe9ae5c53'
  const parts = parseAbiParameters('bytes validatorData, bytes hookData, bytes selectorData')
  return concat([noHook, encodeAbiParameters(parts, [data, '0x', execute])])
}
