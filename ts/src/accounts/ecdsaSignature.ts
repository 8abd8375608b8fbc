import { type Hex, concat, isHex, numberToHex, size, slice } from 'viem'
import { SessionRefused } from '../errors/sessionRefused.js'

/** The order of secp256k1. */
export const SECP256K1_ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n
/** The order of P-256. */
export const P256_ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n

/** The two numbers of an ECDSA signature. */
export type Scalars = { readonly r: bigint; readonly s: bigint }

/** Reads a signature of 64 bytes, r ‖ s, or in DER.
 *
 * @throws {@link SessionRefused} if it is anything else, or a number is not one of the curve's. */
export function readSignature(signature: Hex, order: bigint): Scalars {
  const scalars =
    isHex(signature) && size(signature) === 64 ? readCompact(signature) : readDer(signature)
  if (scalars === undefined) {
    const got = isHex(signature) ? `one of ${size(signature)} bytes` : String(signature)
    return unusable(`a signature has 64 bytes or is in DER, the key gave ${got}`)
  }
  for (const number of [scalars.r, scalars.s]) {
    if (number === 0n || number >= order) return unusable('the signature is not one of the curve')
  }
  return scalars
}

/** Returns r ‖ s with s in the lower half, as the module demands. */
export function packLowS({ r, s }: Scalars, order: bigint): Hex {
  const low = s > order / 2n ? order - s : s
  return concat([numberToHex(r, { size: 32 }), numberToHex(low, { size: 32 })])
}

/** Refuses what a key has answered. */
export function unusable(reason: string, options?: ErrorOptions): never {
  const remedy = 'sign with another key or authenticator'
  throw new SessionRefused('UnusableSignature', reason, remedy, options)
}

function readCompact(signature: Hex): Scalars {
  return { r: BigInt(slice(signature, 0, 32)), s: BigInt(slice(signature, 32, 64)) }
}

/** Reads a signature in DER. It has one form there: the one that it is encoded in again. */
function readDer(signature: Hex): Scalars | undefined {
  if (!isHex(signature)) return undefined
  const digits = signature.slice(2).toLowerCase()
  const middle = 8 + 2 * Number.parseInt(digits.slice(6, 8), 16)
  const [r, s] = [digits.slice(8, middle), digits.slice(middle + 4)]
  if (r === '' || s === '') return undefined
  const scalars = { r: BigInt(`0x${r}`), s: BigInt(`0x${s}`) }
  const body = [scalars.r, scalars.s].map((number) => derOf('02', derNumber(number))).join('')
  return derOf('30', body) === digits ? scalars : undefined
}

/** An element of DER: its tag, its length in bytes, and itself. */
const derOf = (tag: string, digits: string) =>
  tag + (digits.length / 2).toString(16).padStart(2, '0') + digits

/** A number in DER begins with a bit that is its sign. */
function derNumber(number: bigint): string {
  const digits = number.toString(16)
  const bytes = digits.length % 2 === 0 ? digits : `0${digits}`
  return /^[89a-f]/.test(bytes) ? `00${bytes}` : bytes
}
