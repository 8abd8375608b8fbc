import { type Address, type Hex, bytesToHex, getAddress, hexToBytes, size } from 'viem'
import { SessionRefused } from '../errors/sessionRefused.js'
import { MAY_HIDE } from './disclosure.js'
import { type DelegateKind, type Session, ANY_PAYMASTER, CAPS, NO_PAYMASTER } from './session.js'
import { type Field, type Struct, bitsOf, elementOf, fieldsOf } from './sessionTypes.js'

/** Reads a packed session that is shown whole, as the event `SessionEnabled` carries it.
 *
 * @throws {@link SessionRefused} if the bytes are not the one canonical form of a session, or
 * something travels as a hash. */
export function unpackSession(account: Address, packed: Hex): Session {
  const { session, rest } = unpackFirst(account, packed)
  const left = size(rest)
  if (left > 0) {
    refuse('TrailingBytes', `${left} bytes are left over at byte ${size(packed) - left}`)
  }
  return session
}

/** Reads a packed session, and returns what stands behind it too.
 *
 * @throws {@link SessionRefused} likewise. */
export function unpackFirst(account: Address, packed: Hex): { session: Session; rest: Hex } {
  const reader = new Reader(hexToBytes(packed))
  const session = { account, ...reader.struct('Session') } as Session
  const { validAfter, validUntil } = session
  if (validUntil <= validAfter) {
    const reason = `the session is valid after ${validAfter} until ${validUntil}: no window`
    throw new SessionRefused('RefusedWindow', reason, ASK_AGAIN)
  }
  return { session, rest: reader.rest() }
}

const ASK_AGAIN = 'ask for the packed session again, from where it was made'

/** Reads packed elements one after the other. The sentences are those of the module's errors. */
class Reader {
  #at = 0

  constructor(readonly bytes: Uint8Array) {}

  take(length: number): Uint8Array {
    const end = this.#at + length
    if (end > this.bytes.length) {
      refuse('Truncated', `the packed session ends within the element at byte ${this.#at}`)
    }
    const taken = this.bytes.subarray(this.#at, end)
    this.#at = end
    return taken
  }

  byte(): number {
    return this.take(1)[0]!
  }

  hex(length: number): Hex {
    return bytesToHex(this.take(length))
  }

  address(): Address {
    return getAddress(this.hex(20))
  }

  time(): number {
    const at = this.#at
    const seconds = Number(this.hex(6))
    if (seconds >= 2 ** 47) {
      refuse('NumberTooWide', `the time at byte ${at} is past 2^47`)
    }
    return seconds
  }

  number(width: number): bigint {
    const at = this.#at
    const length = this.byte()
    if (length > width) {
      const reason = `the number at byte ${at} has ${length} bytes, at most ${width} are allowed`
      refuse('NumberTooWide', reason)
    }
    if (length === 0) return 0n
    const number = this.take(length)
    if (number[0] === 0) {
      refuse('NonCanonicalNumber', `the number at byte ${at + 1} begins with zero`)
    }
    return BigInt(bytesToHex(number))
  }

  struct(struct: Struct): object {
    const fields = fieldsOf(struct).filter(({ name }) => name !== 'account')
    return Object.fromEntries(fields.map((field) => [field.name, this.field(field)]))
  }

  field({ name, type }: Field): unknown {
    const element = elementOf(type)
    if (element !== undefined) return this.list(name, element)
    if (name === 'paymaster') return this.paymaster()
    if (name === 'delegateKind') return this.delegateKind()
    if (type === 'address') return this.address()
    if (type.startsWith('bytes')) return this.hex(Number(type.slice(5)))
    if (type === 'uint48') return this.time()
    if (type === 'uint8') return this.byte()
    const bits = bitsOf(type)
    const number = this.number(bits / 8)
    return bits > 48 ? number : Number(number)
  }

  list(name: string, element: Struct): object[] {
    const at = this.#at
    const count = this.byte()
    if (count === 0xff) refuse('HiddenPart', 'the session must be shown whole here')
    const cap = CAPS[name as 'rules']
    if (count > cap) {
      const reason = `the list at byte ${at} has ${count} entries, at most ${cap} are allowed`
      refuse('TooMany', reason)
    }
    return Array.from({ length: count }, () => {
      if (MAY_HIDE.includes(name)) this.whole()
      return this.struct(element)
    })
  }

  /** The tag of an element that must be shown whole. */
  whole(): void {
    const at = this.#at
    const tag = this.byte()
    if (tag === 0) refuse('HiddenPart', 'the session must be shown whole here')
    if (tag !== 1) refuse('UnknownTag', `the tag at byte ${at} is ${tag}, which is unknown`)
  }

  delegateKind(): DelegateKind {
    const kind = this.byte()
    if (kind > 2) refuse('UnknownDelegateKind', `the delegate's kind of key is ${kind}, unknown`)
    return kind as DelegateKind
  }

  paymaster(): Address {
    const at = this.#at
    const tag = this.byte()
    if (tag === 0) return NO_PAYMASTER
    if (tag === 0xff) return ANY_PAYMASTER
    if (tag !== 1) {
      refuse('UnknownTag', `the tag at byte ${at} is ${tag}, which is unknown`)
    }
    const address = this.address()
    if (BigInt(address) === 0n || address.toLowerCase() === ANY_PAYMASTER) {
      const reason = `the paymaster at byte ${at} is an address that stands for none or any`
      refuse('ReservedPaymaster', reason)
    }
    return address
  }

  rest(): Hex {
    return this.hex(this.bytes.length - this.#at)
  }
}

function refuse(code: ConstructorParameters<typeof SessionRefused>[0], reason: string): never {
  throw new SessionRefused(code, reason, ASK_AGAIN)
}
