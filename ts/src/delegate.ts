import {
  type Address,
  type Hash,
  type Hex,
  type LocalAccount,
  bytesToHex,
  concat,
  hexToBytes,
  isHex,
  keccak256,
  numberToHex,
  size,
  slice,
  stringToHex,
} from 'viem'
import type { WebAuthnAccount } from 'viem/account-abstraction'
import { privateKeyToAccount } from 'viem/accounts'
import { SessionRefused } from './refusal.js'
import { DELEGATE_KIND, type DelegateKind } from './session.js'

/** Who acts within a session: a key that signs digests as the module reads them. */
export type Delegate = {
  /** The kind of key. */
  readonly kind: DelegateKind
  /** What stands for the key in a session. */
  readonly address: Address
  /** Signs a digest that EIP-712 has made. */
  readonly sign: (digest: Hash) => Promise<Hex>
}

/** A P-256 key of WebCrypto. The private one need not be extractable. */
export type P256KeyPair = { readonly privateKey: P256Key; readonly publicKey: P256Key }
/** `CryptoKey`, wherever its type is declared. */
type P256Key = Awaited<ReturnType<typeof crypto.subtle.importKey>>

/** The orders of the two curves. */
const SECP256K1_ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n
const P256_ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n

/** Returns the delegate of a secp256k1 key: kind 0, signatures r ‖ s ‖ v.
 *
 * @param key a viem account that signs hashes, or a secret key of 32 bytes.
 * @throws {@link SessionRefused} if the account cannot sign hashes. */
export function secp256k1Delegate(key: LocalAccount | Hex): Delegate {
  const account = typeof key === 'string' ? privateKeyToAccount(key) : key
  const { address, sign } = account
  if (sign === undefined) {
    throw new SessionRefused(
      'WrongKey',
      `account ${address} cannot sign hashes`,
      'use a local account with `sign`, as privateKeyToAccount makes it',
    )
  }
  return {
    kind: DELEGATE_KIND.secp256k1,
    address,
    async sign(digest) {
      const signature = await sign({ hash: digest })
      if (size(signature) !== 65) {
        return unusable(`a secp256k1 signature has 65 bytes, not ${size(signature)}`)
      }
      const { r, s, isFlipped } = lowS(signature, SECP256K1_ORDER)
      const v = Number(slice(signature, 64))
      const parity = (v >= 27 ? v - 27 : v) ^ Number(isFlipped)
      return concat([r, s, numberToHex(27 + parity, { size: 1 })])
    },
  }
}

/** Returns the delegate of a P-256 key: kind 1, signatures r ‖ s ‖ x ‖ y over the SHA-256 of the
 * digest, as WebCrypto signs.
 *
 * @param keys made by `crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, …)`. */
export async function p256Delegate(keys: P256KeyPair): Promise<Delegate> {
  const raw = bytesToHex(new Uint8Array(await crypto.subtle.exportKey('raw', keys.publicKey)))
  const point = pointOf(raw)
  return {
    kind: DELEGATE_KIND.p256,
    address: delegateAddress(point),
    async sign(digest) {
      const signature = await crypto.subtle.sign(
        { name: 'ECDSA', hash: 'SHA-256' },
        keys.privateKey,
        new Uint8Array(hexToBytes(digest)),
      )
      const { r, s } = lowS(bytesToHex(new Uint8Array(signature)), P256_ORDER)
      return concat([r, s, point])
    },
  }
}

/** Returns the delegate of a passkey: kind 2, with the digest as the challenge.
 *
 * The module binds neither the relying party nor user verification, only that a user was present.
 *
 * @param account a viem account, as `toWebAuthnAccount` makes it. */
export function webAuthnDelegate(account: Pick<WebAuthnAccount, 'publicKey' | 'sign'>): Delegate {
  const point = pointOf(account.publicKey)
  return {
    kind: DELEGATE_KIND.webAuthn,
    address: delegateAddress(point),
    async sign(digest) {
      const { signature, webauthn } = await account.sign({ hash: digest })
      checkAssertion(digest, webauthn)
      const { r, s } = lowS(signature, P256_ORDER)
      const clientData = stringToHex(webauthn.clientDataJSON)
      return concat([blob(webauthn.authenticatorData), blob(clientData), r, s, point])
    },
  }
}

/** Returns what stands for a P-256 key in a session: the last 20 bytes of `keccak256(x ‖ y)`.
 *
 * @param point x ‖ y, 64 bytes. */
export function delegateAddress(point: Hex): Address {
  return slice(keccak256(point), 12)
}

/** Returns a delegate's signature of the right shape that never holds and costs the module the
 * same gas as a real one.
 *
 * Its bytes are not zero, because bundlers count the bytes too. */
export function dummyDelegateSignature(kind: DelegateKind): Hex {
  if (kind === DELEGATE_KIND.secp256k1) return filler(65)
  if (kind === DELEGATE_KIND.p256) return filler(128)
  return concat([blob(filler(AUTHENTICATOR_DATA)), blob(filler(CLIENT_DATA)), filler(128)])
}

/** Bytes of the shortest authenticator data, and of usual client data. */
const AUTHENTICATOR_DATA = 37
const CLIENT_DATA = 134

function filler(length: number): Hex {
  return `0x${'ff'.repeat(length)}`
}

/** Checks what the module demands of an assertion, which not every authenticator gives. */
function checkAssertion(
  digest: Hash,
  { authenticatorData, clientDataJSON }: { authenticatorData: Hex; clientDataJSON: string },
): void {
  if (!clientDataJSON.startsWith(`{"type":"webauthn.get","challenge":"${base64url(digest)}"`)) {
    unusable('the passkey signed other client data than its standard says, or another challenge')
  }
  const flags = Number(size(authenticatorData) > 32 ? slice(authenticatorData, 32, 33) : 0)
  if (size(authenticatorData) < AUTHENTICATOR_DATA || (flags & 1) === 0) {
    unusable('the passkey does not say that a user was present')
  }
}

function base64url(hash: Hash): string {
  return btoa(String.fromCharCode(...hexToBytes(hash)))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '')
}

/** x ‖ y of a public key that may carry the prefix of an uncompressed point. */
function pointOf(publicKey: Hex): Hex {
  const point =
    size(publicKey) === 65 && publicKey.startsWith('0x04') ? slice(publicKey, 1) : publicKey
  if (!isHex(point) || size(point) !== 64) {
    throw new SessionRefused(
      'WrongKey',
      `${publicKey} is not an uncompressed P-256 point`,
      'give x ‖ y, 64 bytes, with or without the prefix 04',
    )
  }
  return point
}

/** r and s of a signature; s in the lower half, as the module demands. */
function lowS(signature: Hex, order: bigint): { r: Hex; s: Hex; isFlipped: boolean } {
  if (size(signature) < 64)
    return unusable(`a signature of ${size(signature)} bytes has no r and s`)
  const s = BigInt(slice(signature, 32, 64))
  const isFlipped = s > order / 2n
  return {
    r: slice(signature, 0, 32),
    s: numberToHex(isFlipped ? order - s : s, { size: 32 }),
    isFlipped,
  }
}

function blob(bytes: Hex): Hex {
  return concat([numberToHex(size(bytes), { size: 2 }), bytes])
}

function unusable(reason: string): never {
  throw new SessionRefused('UnusableSignature', reason, 'sign with another key or authenticator')
}
