import { type Hash, type Hex, concat, hexToBytes, size, slice, stringToHex } from 'viem'
import type { WebAuthnAccount } from 'viem/account-abstraction'
import { DELEGATE_KIND } from '../session/session.js'
import { type Delegate, blob } from './delegate.js'
import { delegateAddress, pointOf } from './delegateAddress.js'
import { AUTHENTICATOR_DATA } from './dummyDelegateSignature.js'
import { P256_ORDER, lowS, unusable } from './lowS.js'

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
