import { type Delegate, p256Delegate, SessionRefused, webAuthnDelegate } from 'smart-session'
import { type Hex, isHex, size } from 'viem'
import { createWebAuthnCredential, toWebAuthnAccount } from 'viem/account-abstraction'
import { keptPair, keepPair } from './pairStore.ts'

/** A key that the game signs with. It never leaves the browser or the device. */
export type GameKey = { readonly kind: 'passkey' | 'browser key'; readonly delegate: Delegate }

const KEPT = 'smart-session.game.passkey'

/** Returns the key that was made here before, if there is one. */
export async function keptKey(): Promise<GameKey | undefined> {
  const passkey = readPasskey(localStorage.getItem(KEPT))
  if (passkey !== undefined) return passkeyOf(passkey)
  const pair = await keptPair()
  return pair && { kind: 'browser key', delegate: await p256Delegate(pair as never) }
}

/** Makes a passkey. A device that cannot check who its user is will do: the module asks only that a
 * user was present. */
export async function makePasskey(name: string): Promise<GameKey> {
  if (navigator.credentials === undefined) {
    throw new SessionRefused(
      'NoWebCrypto',
      'the browser has no passkeys on a page that is not secure',
      'open the page at http://localhost or over https',
    )
  }
  const { id, publicKey } = await createWebAuthnCredential({
    name,
    authenticatorSelection: { residentKey: 'preferred', userVerification: 'preferred' },
  })
  localStorage.setItem(KEPT, JSON.stringify({ id, publicKey }))
  return passkeyOf({ id, publicKey })
}

/** Makes a P-256 key that cannot be taken out of this browser. */
export async function makeBrowserKey(): Promise<GameKey> {
  if (globalThis.crypto?.subtle === undefined) {
    throw new SessionRefused(
      'NoWebCrypto',
      'the browser has no WebCrypto on a page that is not secure',
      'open the page at http://localhost or over https',
    )
  }
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256' }
  const pair = await crypto.subtle.generateKey(algorithm, false, ['sign', 'verify'])
  await keepPair(pair)
  return { kind: 'browser key', delegate: await p256Delegate(pair as never) }
}

type Passkey = { readonly id: string; readonly publicKey: Hex }

function passkeyOf(credential: Passkey): GameKey {
  const account = toWebAuthnAccount({
    credential,
    getFn: (options) =>
      navigator.credentials.get({
        ...options,
        publicKey: { ...options?.publicKey, userVerification: 'preferred' },
      } as CredentialRequestOptions),
  })
  return { kind: 'passkey', delegate: webAuthnDelegate(account) }
}

function readPasskey(text: string | null): Passkey | undefined {
  try {
    const { id, publicKey } = JSON.parse(text ?? '{}') as { [field: string]: unknown }
    const isPoint = isHex(publicKey) && size(publicKey) === 64
    return typeof id === 'string' && isPoint ? { id, publicKey } : undefined
  } catch {
    return undefined
  }
}
