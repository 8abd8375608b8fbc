import { type Hex, concat, numberToHex, size, slice } from 'viem'
import { ACCOUNT_KINDS } from '../accountKind.js'
import { SessionRefused } from '../errors/sessionRefused.js'
import { fromBase64url, toBase64url } from './base64url.js'
import type { Grant } from './grant.js'
import { packSession } from './packSession.js'
import { CAPS } from './session.js'
import { unpackSession } from './unpackSession.js'

/** What every such text begins with. */
const PREFIX = 'session1.'
const HAS_VALIDATOR = 0x80

/** Returns a grant as one URL-safe text, for a link, a QR code or a chat. The command line writes
 * and reads the same.
 *
 * `session1.` ‖ base64url(module ‖ account ‖ kind (1 byte, bit 7: a validator follows) ‖ validator ‖
 * u32 length ‖ packed session ‖ owner's signature, to the end).
 *
 * @throws {@link SessionRefused} if the session has no packed form. */
export function grantToText(grant: Grant): string {
  const { module, session, accountKind, ownerValidator, ownerSignature = '0x' } = grant
  const packed = packSession(session)
  const kind = accountKind === undefined ? 0 : ACCOUNT_KINDS.indexOf(accountKind) + 1
  const flags = ownerValidator === undefined ? kind : kind | HAS_VALIDATOR
  const bytes = concat([
    module,
    session.account,
    numberToHex(flags, { size: 1 }),
    ownerValidator ?? '0x',
    numberToHex(size(packed), { size: 4 }),
    packed,
    ownerSignature,
  ])
  return PREFIX + toBase64url(bytes)
}

/** Reads a grant from its text. White space in it does not matter, nor a mark of byte order before it:
 * mail and chat programs break lines.
 *
 * @throws {@link SessionRefused} if it is cut off or changed. */
export function grantFromText(text: string): Grant {
  const trimmed = text.replace(/\s/g, '')
  if (!trimmed.startsWith(PREFIX)) return malformed()
  let rest = fromBase64url(trimmed.slice(PREFIX.length)) ?? malformed()
  const take = (length: number): Hex => {
    if (size(rest) < length) return malformed()
    const taken = length === 0 ? '0x' : slice(rest, 0, length)
    rest = size(rest) === length ? '0x' : slice(rest, length)
    return taken
  }
  const [module, account] = [take(20), take(20)]
  const flags = Number(take(1))
  const place = flags & ~HAS_VALIDATOR
  const accountKind = place === 0 ? undefined : ACCOUNT_KINDS[place - 1]
  if (place !== 0 && accountKind === undefined) return malformed()
  const ownerValidator = flags === place ? undefined : take(20)
  const session = unpackSession(account, take(Number(take(4))))
  if (size(rest) > CAPS.ownerSignature) return malformed()
  return {
    module,
    session,
    ...(accountKind === undefined ? {} : { accountKind }),
    ...(ownerValidator === undefined ? {} : { ownerValidator }),
    ...(rest === '0x' ? {} : { ownerSignature: rest }),
  }
}

function malformed(): never {
  const remedy = `copy it whole, from ${PREFIX} to its end`
  throw new SessionRefused('MalformedGrant', 'the text is no session', remedy)
}
