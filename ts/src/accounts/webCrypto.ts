import { type Hex, concat, hexToBytes } from 'viem'
import { SessionRefused } from '../errors/sessionRefused.js'

/** `crypto.subtle`, wherever its type is declared. */
type Subtle = typeof crypto.subtle
/** `CryptoKey`, wherever its type is declared. */
export type WebCryptoKey = Awaited<ReturnType<Subtle['importKey']>>

/** How WebCrypto signs for the module: ECDSA over the SHA-256 of what is signed. */
export const ECDSA = { name: 'ECDSA', hash: 'SHA-256' } as const

/** Returns `crypto.subtle`, which browsers have on secure pages only.
 *
 * @throws {@link SessionRefused} if it is not there. */
export function webCrypto(): Subtle {
  const subtle = globalThis.crypto?.subtle as Subtle | undefined
  if (subtle !== undefined) return subtle
  throw new SessionRefused(
    'NoWebCrypto',
    'there is no crypto.subtle: the page does not come over https or from localhost',
    'serve it over https, or open it at http://localhost',
  )
}

/** Says whether a P-256 key has signed `data`: r ‖ s over its SHA-256. */
export async function verifyP256(point: Hex, signature: Hex, data: Hex): Promise<boolean> {
  const subtle = webCrypto()
  const curve = { name: 'ECDSA', namedCurve: 'P-256' }
  const bytes = (hex: Hex) => new Uint8Array(hexToBytes(hex))
  const key = await subtle.importKey('raw', bytes(concat(['0x04', point])), curve, false, [
    'verify',
  ])
  return subtle.verify(ECDSA, key, bytes(signature), bytes(data))
}
