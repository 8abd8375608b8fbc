import { type Address, type Hex, isHex, size } from 'viem'
import { readAddress } from '../session/readAddress.js'
import { readWhole } from '../session/readWhole.js'
import type { Comparison, ImportRefusal } from './imported.js'

/** Collects what an import finds, so that everything is told at once. */
export class Findings {
  readonly comparisons: Comparison[] = []
  readonly refusals: ImportRefusal[] = []

  same(path: string, source: string, session: string): void {
    this.comparisons.push({ path, source, session, relation: 'same' })
  }

  narrower(path: string, source: string, session: string): void {
    this.comparisons.push({ path, source, session, relation: 'narrower' })
  }

  refuse(path: string, meaning: string, remedy: string): undefined {
    this.refusals.push({ path, meaning, remedy })
  }

  /** Reads an address, or refuses what is none. */
  address(path: string, value: unknown): Address | undefined {
    const address = readAddress(value)
    if (address !== undefined) return address.toLowerCase() as Address
    const meaning = `${tell(value)} is not an address, or was mistyped`
    return this.refuse(path, meaning, 'give 20 bytes in hex, copied whole')
  }

  /** Reads bytes, of a length if one is given, or refuses what is none. */
  bytes(path: string, value: unknown, length?: number): Hex | undefined {
    const isBytes = typeof value === 'string' && isHex(value) && value.length % 2 === 0
    if (isBytes && (length === undefined || size(value) === length)) {
      return value.toLowerCase() as Hex
    }
    const wanted = length === undefined ? 'bytes in hex' : `exactly ${length} bytes in hex`
    return this.refuse(path, `${tell(value)} is not what belongs here`, `give ${wanted}`)
  }

  /** Reads a whole number that fits so many bits, or refuses it. */
  whole(path: string, value: unknown, bits: number): bigint | undefined {
    const number = readWhole(value)
    if (number !== undefined && number >= 0n && number >> BigInt(bits) === 0n) return number
    const allowed = `a whole number from 0 to 2^${bits} − 1`
    return this.refuse(path, `${tell(value)} is not ${allowed}`, `give ${allowed}`)
  }

  /** Reads a list, or refuses what is none. */
  list<T>(path: string, value: readonly T[] | undefined): readonly T[] {
    if (Array.isArray(value)) return value as readonly T[]
    this.refuse(path, `${tell(value)} is not a list`, 'give a list, empty if there is nothing')
    return []
  }
}

/** Control characters, and those that change the direction of text. JSON itself writes out those
 * below a space. */
const UNSEEN = /[\p{Cc}\p{Bidi_C}\u2028\u2029]/gu

/** A value as a refusal shows it: as JSON of at most 80 characters, before control characters and
 * those that change the direction of text are written out, as in `\u{202e}`. */
export function tell(value: unknown): string {
  const plain = (_: string, inner: unknown) => (typeof inner === 'bigint' ? `${inner}` : inner)
  const text = typeof value === 'bigint' ? `${value}` : (JSON.stringify(value, plain) ?? 'nothing')
  const characters = [...text]
  const short = characters.length > 80 ? `${characters.slice(0, 77).join('')}...` : text
  return short.replace(UNSEEN, (one) => `\\u{${one.charCodeAt(0).toString(16)}}`)
}
