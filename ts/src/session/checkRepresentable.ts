import { type Address, type Hex, isAddress, isHex, size } from 'viem'
import { SessionRefused } from '../errors/sessionRefused.js'
import { type DelegateKind, type Session, CAPS } from './session.js'
import { type Field, type Struct, bitsOf, elementOf, fieldsOf } from './sessionTypes.js'

/** Checks that every field of a session fits its type, and every list its cap.
 *
 * Such a session has an id and a packed form; {@link checkSession} says whether it can work.
 *
 * @throws {@link SessionRefused} for the first field that does not fit. */
export function checkRepresentable(session: Session): void {
  representable(session)
}

/** Returns a session whose numbers are of the types that {@link Session} names, whatever they were
 * written as: `5` and `5n` are one session.
 *
 * @throws {@link SessionRefused} for the first field that does not fit. */
export function representable(session: Session): Session {
  return readStruct('Session', session, '') as Session
}

function readStruct(struct: Struct, given: object, place: string): object {
  const values = given as Record<string, unknown>
  const read = fieldsOf(struct).map((field) => {
    const { name } = field
    return [name, readField(field, values[name] as never, place + name)]
  })
  return Object.fromEntries(read)
}

function readField({ name, type }: Field, value: never, place: string): unknown {
  const element = elementOf(type)
  if (element !== undefined) return list(place, value, CAPS[name as 'rules'], element)
  if (type === 'address') return checkAddress(place, value)
  if (type.startsWith('bytes')) return bytes(place, value, Number(type.slice(5)))
  if (name === 'delegateKind') return delegateKind(value)
  const bits = bitsOf(type)
  // The module refuses times of 2^47 and more where it reads them.
  const read = number(place, value, bits === 48 ? 47 : bits)
  return bits > 48 ? read : Number(read)
}

function list(place: string, items: readonly object[], cap: number, element: Struct): object[] {
  if (!Array.isArray(items)) {
    const reason = `${place} is ${String(items)}, not a list`
    throw new SessionRefused('MissingList', reason, 'give [] for none')
  }
  if (items.length > cap) {
    throw new SessionRefused(
      'TooMany',
      `${place} has ${items.length} entries, at most ${cap} are allowed`,
      'drop some, or grant a second session',
    )
  }
  return items.map((item, i) => readStruct(element, item ?? {}, `${place}[${i}].`))
}

function delegateKind(kind: DelegateKind): DelegateKind {
  const number = Number(kind)
  if (number === 0 || number === 1 || number === 2) return number
  throw new SessionRefused(
    'UnknownDelegateKind',
    `delegateKind is ${kind}`,
    'use 0 (secp256k1), 1 (P-256) or 2 (WebAuthn)',
  )
}

function number(place: string, value: number | bigint, bits: number): bigint {
  const isWhole = typeof value === 'bigint' || Number.isSafeInteger(value)
  if (!isWhole || value < 0 || BigInt(value) >> BigInt(bits) !== 0n) {
    throw new SessionRefused(
      'NumberTooWide',
      `${place} is ${value}`,
      `give a whole number from 0 to 2^${bits} − 1`,
    )
  }
  return BigInt(value)
}

/** Checks that a value is an address.
 *
 * @param place what is called so in the refusal.
 * @throws {@link SessionRefused} if it is none. */
export function checkAddress(place: string, value: unknown): Address {
  if (typeof value !== 'string' || !isAddress(value)) {
    throw new SessionRefused(
      'MalformedAddress',
      `${place} is ${String(value)}, not an address`,
      'give 20 bytes in hex, in lower case or with the right checksum',
    )
  }
  return value
}

function bytes(place: string, value: Hex, length: number): Hex {
  if (!isHex(value) || value.length !== 2 + 2 * length || size(value) !== length) {
    throw new SessionRefused(
      'MalformedBytes',
      `${place} is ${value}`,
      `give exactly ${length} bytes in hex`,
    )
  }
  return value
}
