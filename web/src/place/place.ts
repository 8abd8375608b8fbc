import { type Address, type Hex, getAddress, isAddress, isHex } from 'viem'

/** Where this page works: what its user has named, and nothing that an app or a file says. */
export type Place = {
  /** The address of a node. */
  readonly node?: string
  /** The chain that the node must be of. */
  readonly chainId?: number
  /** The session module. */
  readonly module?: Address
  /** The hash of the module's code, where it is not that of a release. */
  readonly codeHash?: Hex
  /** The account whose sessions are looked at. */
  readonly account?: Address
  /** The contract of the game. */
  readonly game?: Address
  /** Who brings what delegates sign, and pays: an address that takes `eth_sendTransaction`. */
  readonly sponsor?: string
  /** A bundler. */
  readonly bundler?: string
}

const KEPT = 'smart-session.place'

/** Reads the place that was kept in this browser. What is not of its form is left out. */
export function keptPlace(): Place {
  try {
    return readPlace(JSON.parse(localStorage.getItem(KEPT) ?? '{}'))
  } catch {
    return {}
  }
}

/** Keeps a place in this browser. */
export function keepPlace(place: Place): void {
  localStorage.setItem(KEPT, JSON.stringify(place))
}

/** Reads a place from JSON, field by field. */
export function readPlace(json: unknown): Place {
  const fields = (json ?? {}) as { readonly [name: string]: unknown }
  const { chainId, codeHash } = fields
  const found = {
    node: urlOf(fields['node']),
    chainId: Number.isSafeInteger(chainId) ? (chainId as number) : undefined,
    module: addressIn(fields['module']),
    codeHash: isHex(codeHash) && codeHash.length === 66 ? codeHash : undefined,
    account: addressIn(fields['account']),
    game: addressIn(fields['game']),
    sponsor: urlOf(fields['sponsor']),
    bundler: urlOf(fields['bundler']),
  }
  return Object.fromEntries(Object.entries(found).filter(([, value]) => value !== undefined))
}

/** Returns an address in its usual writing; `undefined` if it is none. */
export function addressIn(text: unknown): Address | undefined {
  const trimmed = typeof text === 'string' ? text.trim() : ''
  return isAddress(trimmed, { strict: false }) ? getAddress(trimmed) : undefined
}

/** Returns an address on the web that this page may ask: over https, on this machine, or one of its own
 * origin, which begins with a slash or `./`. */
export function urlOf(text: unknown): string | undefined {
  if (typeof text !== 'string' || text.trim() === '') return undefined
  const trimmed = text.trim()
  try {
    const isOwn = /^\.?\//.test(trimmed)
    const url = isOwn ? new URL(trimmed, location.href) : new URL(trimmed)
    // What begins with two slashes, or with one and a backslash, names another host.
    if (isOwn && url.origin !== location.origin) return undefined
    const isHere = ['localhost', '127.0.0.1'].includes(url.hostname)
    return url.protocol === 'https:' || (url.protocol === 'http:' && isHere) ? url.href : undefined
  } catch {
    return undefined
  }
}
