import { SessionRefused } from 'smart-session'
import { explainFailure } from 'smart-session/errors'

/** A failure as it is told: what happened, and what to do about it. */
export type Failure = { readonly what: string; readonly remedy: string; readonly code?: string }

const NAMES: { [name: string]: Failure } = {
  NotAllowedError: {
    what: 'the passkey was not used: it was declined, or it took too long',
    remedy: 'try again, and confirm with your passkey',
  },
  SecurityError: {
    what: 'the browser allows no passkey at this address',
    remedy: 'open the page at http://localhost or over https',
  },
  NotSupportedError: {
    what: 'this device has no passkey that can sign as needed',
    remedy: 'use a key of this browser instead',
  },
}

/** The codes with which wallets answer (EIP-1193). */
const WALLET_CODES: { [code: number]: Failure } = {
  4001: { what: 'it was declined in the wallet', remedy: 'ask again when you want it' },
  4100: { what: 'the wallet does not let this page use the account', remedy: 'connect it again' },
  4900: { what: 'the wallet is not connected to a network', remedy: 'connect it, then try again' },
}

/** Returns what has failed, in words: of the module, the EntryPoint, a passkey, a wallet, a node. */
export function failureOf(error: unknown): Failure {
  for (const cause of causesOf(error)) {
    if (cause instanceof SessionRefused) {
      return { what: cause.reason, remedy: cause.remedy, code: cause.code }
    }
    const { name, code } = cause as { name?: string; code?: number }
    const known = (name && NAMES[name]) || (code !== undefined && WALLET_CODES[code])
    if (known) return known
    if (name === 'TimeoutError') {
      return { what: 'the node does not answer in time', remedy: 'try again, or name another node' }
    }
    if (name === 'HttpRequestError') {
      const remedy = 'start it, check its address, or name another; it must allow this page (CORS)'
      return { what: `${placeOf(cause as { url?: string })} cannot be reached`, remedy }
    }
  }
  const reason = explainFailure(error)
  if (reason !== undefined) return { what: reason, remedy: 'change it, and try again' }
  const { shortMessage, details, message } = error as { [key: string]: string | undefined }
  const what = [shortMessage ?? message ?? String(error), shortMessage && details].filter(Boolean)
  return { what: what.join(': '), remedy: 'try again' }
}

/** Which node or bundler it was that was asked, as far as the error says. */
function placeOf({ url }: { url?: string }): string {
  return url !== undefined && URL.canParse(url) ? `the node or bundler at ${new URL(url).host}` : 'the node'
}

function causesOf(error: unknown): unknown[] {
  const causes: unknown[] = []
  for (let one = error; one instanceof Object && causes.length < 12; one = (one as Error).cause) {
    causes.push(one)
  }
  return causes
}
