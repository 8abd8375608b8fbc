// Random numbers from a seed, so that what fails can be run again.

export type Random = {
  /** A whole number from 0 up to below a bound. */
  below: (bound: number) => number
  /** Whether something happens that happens once in so many times. */
  onceIn: (times: number) => boolean
  pick: <T>(items: readonly T[]) => T
  /** A number of up to so many bits; small ones are as likely as large ones. */
  wide: (bits: number) => bigint
}

/** Returns random numbers from a seed (the 32-bit xorshift of Marsaglia). */
export function random(seed: number): Random {
  let state = (seed ^ 0x9e3779b9) >>> 0 || 1
  const next = () => {
    state ^= state << 13
    state ^= state >>> 17
    state = (state ^ (state << 5)) >>> 0
    return state
  }
  const below = (bound: number) => next() % bound
  return {
    below,
    onceIn: (times) => below(times) === 0,
    pick: (items) => items[below(items.length)]!,
    wide(bits) {
      let value = 0n
      for (let i = 0; i < 8; i += 1) value = (value << 32n) | BigInt(next())
      return value >> BigInt(256 - below(bits + 1))
    },
  }
}
