import { type Address, getAddress } from 'viem'

/** Reads an address as people write it: `0x` and 40 hex digits, all of one case, or with the right
 * checksum (EIP-55).
 *
 * @returns the address with its checksum; `undefined` if the value is none, or was mistyped. */
export function readAddress(value: unknown): Address | undefined {
  const [, digits] = (typeof value === 'string' && /^0x([0-9a-f]{40})$/i.exec(value)) || []
  if (digits === undefined) return undefined
  const address = getAddress(`0x${digits.toLowerCase()}`)
  const isPlain = digits === digits.toLowerCase() || digits === digits.toUpperCase()
  return isPlain || address === value ? address : undefined
}
