import type { EIP1193Provider } from 'viem'

/** A wallet that has announced itself (EIP-6963). Its words are its own. */
export type Wallet = {
  readonly id: string
  readonly name: string
  /** A picture as data; none that would have to be fetched. */
  readonly icon: string | undefined
  readonly provider: EIP1193Provider
}

/** The longest icon that is shown, in characters. */
const LONGEST_ICON = 200_000

/** Asks for wallets, and tells of each that answers.
 *
 * @returns what ends it. */
export function discoverWallets(found: (wallet: Wallet) => void): () => void {
  const seen = new Set<string>()
  const listen = (event: Event) => {
    const wallet = readWallet((event as CustomEvent<unknown>).detail)
    if (wallet === undefined || seen.has(wallet.id)) return
    seen.add(wallet.id)
    found(wallet)
  }
  window.addEventListener('eip6963:announceProvider', listen)
  window.dispatchEvent(new Event('eip6963:requestProvider'))
  return () => window.removeEventListener('eip6963:announceProvider', listen)
}

function readWallet(detail: unknown): Wallet | undefined {
  const { info, provider } = (detail ?? {}) as { info?: unknown; provider?: unknown }
  const { uuid, name, icon } = (info ?? {}) as { [field: string]: unknown }
  const asks = (provider as EIP1193Provider | undefined)?.request
  if (typeof uuid !== 'string' || typeof name !== 'string' || typeof asks !== 'function') {
    return undefined
  }
  const isPicture =
    typeof icon === 'string' &&
    icon.length < LONGEST_ICON &&
    /^data:image\/(png|svg\+xml|webp|jpeg|gif)[;,]/.test(icon)
  return {
    id: uuid,
    name,
    icon: isPicture ? icon : undefined,
    provider: provider as EIP1193Provider,
  }
}
