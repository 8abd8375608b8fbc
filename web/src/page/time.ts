const UNITS = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
  ['second', 1],
] as const

/** Writes seconds in at most two units: `1 hour 20 minutes`. */
export function lasting(seconds: number): string {
  const parts: string[] = []
  let rest = Math.floor(seconds)
  for (const [name, length] of UNITS) {
    const count = Math.floor(rest / length)
    rest %= length
    if (count > 0) parts.push(`${count} ${name}${count === 1 ? '' : 's'}`)
    if (parts.length === 2 || (parts.length === 1 && count === 0)) break
  }
  return parts.join(' ') || 'no time'
}

/** Writes a moment as this place writes dates. */
export function moment(seconds: number): string {
  const date = new Date(seconds * 1000)
  if (Number.isNaN(date.getTime())) return `${seconds} seconds after 1970`
  return date.toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' })
}
