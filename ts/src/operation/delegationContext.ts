import { type Address, type Hex, concat, getAddress, isHex, size, slice } from 'viem'
import { SessionRefused } from '../errors/sessionRefused.js'
import { type Disclosure, WHOLE } from '../session/disclosure.js'
import { packSession } from '../session/packSession.js'
import { type Session, CAPS } from '../session/session.js'
import { unpackFirst } from '../session/unpackSession.js'
import { packOwner } from './operationDraft.js'

/** What a permission context grants. */
export type Granted = {
  readonly session: Session
  /** The owner's signature of it; with it, the first redemption enables the session. */
  readonly ownerSignature?: Hex
}

/** Returns a session as a permission context of ERC-7710, with the module as the delegation
 * manager: account ‖ mode (00 use, 01 enable) ‖ packed session ‖ with mode 01 the owner's signature
 * behind its length (2 bytes).
 *
 * One with the owner's signature stays good after the session is enabled.
 *
 * @param disclosure what is shown of the session: the module finds the permission for each call
 * among those. All of it if left out, and where the owner's signature is given.
 * @throws {@link SessionRefused} if a field does not fit its type. */
export function delegationContext(
  { session, ownerSignature }: Granted,
  disclosure: Disclosure = WHOLE,
): Hex {
  const account = session.account.toLowerCase() as Address
  if (ownerSignature === undefined) {
    return concat([account, '0x00', packSession(session, disclosure)])
  }
  return concat([account, '0x01', packSession(session), packOwner(ownerSignature)])
}

/** Reads a permission context that shows the whole session.
 *
 * @throws {@link SessionRefused} if it is none, or hides something (`HiddenPart`). */
export function readDelegationContext(context: Hex): Granted {
  const isBytes = isHex(context) && context.length % 2 === 0 && size(context) > 20
  const mode = isBytes ? slice(context, 20, 21) : '0x'
  if (mode !== '0x00' && mode !== '0x01') return malformed('it has no mode that is known')
  const account = getAddress(slice(context, 0, 20))
  const { session, rest } = unpack(account, `0x${context.slice(44)}`)
  if (mode === '0x00') return rest === '0x' ? { session } : malformed('bytes are left over')
  const length = size(rest) < 2 ? -1 : Number(slice(rest, 0, 2))
  if (size(rest) !== 2 + length || length > CAPS.ownerSignature) {
    return malformed("the owner's signature is cut off, or something stands behind it")
  }
  return { session, ownerSignature: length === 0 ? '0x' : slice(rest, 2) }
}

function unpack(account: Address, packed: Hex) {
  try {
    return unpackFirst(account, packed)
  } catch (error) {
    if (!(error instanceof SessionRefused) || error.code === 'HiddenPart') throw error
    return malformed(error.reason)
  }
}

function malformed(why: string): never {
  const reason = `the permission context is no session: ${why}`
  throw new SessionRefused('MalformedContext', reason, 'take it whole, as it was granted')
}
