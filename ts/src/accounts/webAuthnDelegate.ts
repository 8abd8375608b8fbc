import { type Hash, concat, isHex, sha256, size, slice, stringToHex } from 'viem'
import type { WebAuthnAccount } from 'viem/account-abstraction'
import { SessionRefused } from '../errors/sessionRefused.js'
import { toBase64url } from '../session/base64url.js'
import { DELEGATE_KIND } from '../session/session.js'
import { type Delegate, blob } from './delegate.js'
import { delegateAddress } from './delegateAddress.js'
import { AUTHENTICATOR_DATA } from './dummyDelegateSignature.js'
import { P256_ORDER, packLowS, readSignature, unusable } from './ecdsaSignature.js'
import { p256Point } from './p256Point.js'
import { verifyP256 } from './webCrypto.js'

/** What a passkey's delegate is made with. */
export type WebAuthnTerms = {
  /** Bytes of client data to estimate with; see {@link dummyDelegateSignature}. */
  clientDataLength?: number
}

/** Returns the delegate of a passkey: kind 2, with the digest as the challenge.
 *
 * The module binds neither the relying party nor user verification, only that a user was present.
 *
 * @param account a viem account, as `toWebAuthnAccount` makes it.
 * @throws {@link SessionRefused} if its public key is no point of P-256. */
export function webAuthnDelegate(
  account: Pick<WebAuthnAccount, 'publicKey' | 'sign'>,
  terms: WebAuthnTerms = {},
): Delegate {
  const point = p256Point(account.publicKey)
  return {
    kind: DELEGATE_KIND.webAuthn,
    address: delegateAddress(point),
    ...terms,
    async sign(digest) {
      const { signature, webauthn } = await asked(account, digest)
      checkAssertion(digest, webauthn)
      const rs = packLowS(readSignature(signature, P256_ORDER), P256_ORDER)
      const { authenticatorData, clientDataJSON } = webauthn
      const clientData = stringToHex(clientDataJSON)
      const signed = concat([authenticatorData, sha256(clientData)])
      if (!(await verifyP256(point, rs, signed))) {
        unusable(`another passkey has signed than ${delegateAddress(point)}`)
      }
      return concat([blob(authenticatorData), blob(clientData), rs, point])
    },
  }
}

type Assertion = Awaited<ReturnType<WebAuthnAccount['sign']>>

async function asked({ sign }: Pick<WebAuthnAccount, 'sign'>, hash: Hash): Promise<Assertion> {
  try {
    return await sign({ hash })
  } catch (error) {
    for (let cause = error; cause instanceof Error; cause = cause.cause) {
      if (cause.name !== 'NotAllowedError' && cause.name !== 'AbortError') continue
      throw new SessionRefused(
        'Cancelled',
        'the passkey was not used: the user declined, or took too long',
        'ask again, and let the user confirm',
        { cause: error },
      )
    }
    throw error
  }
}

/** Checks what the module demands of an assertion, which not every authenticator gives. */
function checkAssertion(
  digest: Hash,
  { authenticatorData, clientDataJSON }: Assertion['webauthn'],
): void {
  if (!clientDataJSON.startsWith(`{"type":"webauthn.get","challenge":"${toBase64url(digest)}"`)) {
    unusable('the passkey signed other client data than its standard says, or another challenge')
  }
  const length = isHex(authenticatorData) ? size(authenticatorData) : 0
  const flags = length > 32 ? Number(slice(authenticatorData, 32, 33)) : 0
  if (length < AUTHENTICATOR_DATA || (flags & 1) === 0) {
    unusable('the passkey does not say that a user was present')
  }
}
