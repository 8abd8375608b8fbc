import { formatEther, formatUnits, parseUnits } from 'viem'

/** Units of time in seconds, the longest first. */
const SECONDS = [
  ['w', 604_800],
  ['d', 86_400],
  ['h', 3_600],
  ['m', 60],
  ['s', 1],
] as const

/** Writes seconds as a duration: `1d 12h`. */
export function formatDuration(seconds: number): string {
  let rest = seconds
  const parts: string[] = []
  for (const [name, length] of SECONDS) {
    const count = Math.floor(rest / length)
    rest %= length
    if (count > 0) parts.push(`${count}${name}`)
  }
  return parts.join(' ') || '0s'
}

/** Reads a duration as seconds; `undefined` if it is none. */
export function parseDuration(text: string): number | undefined {
  let total = 0
  const parts = text.split(/\s+/).filter(Boolean)
  for (const part of parts) {
    const [, count, unit] = /^(\d+)([wdhms])$/.exec(part) ?? []
    const length = SECONDS.find(([name]) => name === unit)?.[1]
    if (length === undefined) return undefined
    total += Number(count) * length
  }
  return parts.length > 0 && Number.isSafeInteger(total) ? total : undefined
}

/** The last second that a calendar of four-digit years has. */
const LAST = 253_402_300_799

/** Writes a moment as RFC 3339 in UTC; `undefined` past the year 9999. */
export function formatTime(seconds: number): string | undefined {
  if (seconds > LAST) return undefined
  return new Date(seconds * 1000).toISOString().replace('.000Z', 'Z')
}

/** Reads a moment in RFC 3339 as whole unix seconds; `undefined` if it is none. */
export function parseTime(text: string): number | undefined {
  const isTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.test(text)
  const milliseconds = isTime ? Date.parse(text) : Number.NaN
  return Number.isInteger(milliseconds / 1000) ? milliseconds / 1000 : undefined
}

/** Writes an amount of ether: `0.01 ETH`. */
export const formatEth = (wei: bigint): string => `${formatEther(wei)} ETH`

const DECIMALS: Record<string, number> = { eth: 18, gwei: 9, wei: 0 }

/** Reads an amount of ether: `0.01 ETH`, `5 gwei`, `7 wei`; `undefined` if it is none. */
export function parseEth(text: string): bigint | undefined {
  const [, number, unit] = /^([\d.]+)\s*(eth|gwei|wei)$/i.exec(text.trim()) ?? []
  return number === undefined ? undefined : parseAmount(number, DECIMALS[unit!.toLowerCase()]!)
}

/** Reads a decimal number as so many of a token's smallest unit; nothing is rounded. */
export function parseAmount(text: string, decimals: number): bigint | undefined {
  const [, fraction = ''] = /^\d+(?:\.(\d+))?$/.exec(text) ?? [undefined, 'x'.repeat(80)]
  return fraction.length > decimals ? undefined : parseUnits(text, decimals)
}

/** Writes an amount of a token's smallest unit as a decimal number. */
export const formatAmount = (amount: bigint, decimals: number): string =>
  formatUnits(amount, decimals)
