import { type Hex, bytesToHex, hexToBytes } from 'viem'

/** Returns bytes in base64url, without padding (RFC 4648, section 5). */
export function toBase64url(bytes: Hex): string {
  const text = hexToBytes(bytes).reduce((all, byte) => all + String.fromCharCode(byte), '')
  return btoa(text).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
}

/** Reads bytes from base64url without padding; `undefined` if the text is none. */
export function fromBase64url(text: string): Hex | undefined {
  try {
    const bytes = atob(text.replaceAll('-', '+').replaceAll('_', '/'))
    const read = bytesToHex(Uint8Array.from(bytes, (byte) => byte.charCodeAt(0)))
    // `atob` passes over spaces, padding and spare bits: other texts of the same bytes.
    return toBase64url(read) === text ? read : undefined
  } catch {
    return undefined
  }
}
