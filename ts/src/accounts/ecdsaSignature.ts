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

/** `30 length 02 length r 02 length s`, each number as short as can be, nothing behind. */
function readDer(signature: Hex): Scalars | undefined {
  const tag = '(?:[0-9a-f]{2})'
  const match = new RegExp(`^0x30(${tag})02(${tag})((?:${tag})*)$`, 'i').exec(signature)
  if (match === null) return undefined
  const [, whole, first, rest] = match as unknown as [string, string, string, string]
  const lengthOfR = 2 * Number.parseInt(first, 16)
  const [r, behind] = [rest.slice(0, lengthOfR), rest.slice(lengthOfR)]
  const s = behind.slice(4)
  const isWhole = 2 * Number.parseInt(whole, 16) === signature.length - 6
  const isNext = behind.startsWith('02') && 2 * Number.parseInt(behind.slice(2, 4), 16) === s.length
  if (!isWhole || !isNext || !isDerNumber(r) || !isDerNumber(s)) return undefined
  return { r: BigInt(`0x${r}`), s: BigInt(`0x${s}`) }
}

/** Positive, and without a zero byte that it does not need. */
function isDerNumber(digits: string): boolean {
  const [first, second] = [digits.slice(0, 2), digits.slice(2, 4)].map((byte) =>
    Number.parseInt(byte, 16),
  ) as [number, number]
  if (digits.length < 2 || digits.length > 66 || first > 127) return false
  return first !== 0 || second > 127
}
