import {
  type Address,
  type Hash,
  type Hex,
  concat,
  hashTypedData,
  keccak256,
  numberToHex,
} from 'viem'
import { type Message, messageHash } from './message.js'
import { type Disclosure, packSession } from './packed.js'
import { SessionRefused } from './refusal.js'
import type { DelegateKind, Session, SigningScope } from './session.js'
import { sessionId, signatureTypedData } from './typed-data.js'

/** An ERC-1271 signature of a session before the delegate has signed it. */
export type SignatureDraft = {
  /** The session's id. */
  readonly sessionId: Hash
  /** The kind of key that will sign. */
  readonly delegateKind: DelegateKind
  /** Everything that travels before the delegate's signature, which covers it. */
  readonly disclosed: Hex
}

/** The mode byte of signatures for apps. */
const SIGN_MODE: Hex = '0x02'
/** Most words of a message. */
const MOST_WORDS = 255

/** Finds the first signing scope that covers a message.
 *
 * @returns the scope's index.
 * @throws {@link SessionRefused} if there is none, saying why not. */
export function coverMessage(session: Session, message: Message): number {
  const reasons: string[] = []
  for (const [index, scope] of session.signing.entries()) {
    const reason = whyNotCovered(scope, message)
    if (reason === undefined) return index
    reasons.push(`scope ${index} ${reason}`)
  }
  throw new SessionRefused(
    'NotSignable',
    `no signing scope covers the message: ${reasons.join('; ') || 'the session has none'}`,
    'let the owner sign it, or ask the owner for a session that may',
  )
}

function whyNotCovered(scope: SigningScope, message: Message): string | undefined {
  if (!isSame(scope.domainSeparator, message.domainSeparator)) return 'is for another app'
  if (!isSame(scope.typeHash, message.typeHash)) return 'is for another type of message'
  for (const { index, min, max } of scope.rules) {
    const word = message.words[index]
    if (word === undefined) return `bounds word ${index}, which the message does not have`
    if (BigInt(word) < min || BigInt(word) > max) {
      return `does not allow ${BigInt(word)} as word ${index}`
    }
  }
  return undefined
}

/** Drafts a session's signature of an app's message.
 *
 * @param disclosure what is shown of the session; left out: the one scope, no permission.
 * @throws {@link SessionRefused} if no scope of the session covers the message. */
export function draftSignature(
  session: Session,
  message: Message,
  disclosure?: Disclosure,
): SignatureDraft {
  const { words } = message
  if (words.length > MOST_WORDS) {
    throw new SessionRefused(
      'MalformedMessage',
      `the message has ${words.length} fields, at most ${MOST_WORDS} are allowed`,
      'let the owner sign it',
    )
  }
  const scope = coverMessage(session, message)
  const shown = disclosure ?? { permissions: [], signing: [scope] }
  if (shown.signing?.includes(scope) === false) {
    throw new SessionRefused(
      'HiddenPart',
      `scope ${scope}, which covers the message, is hidden`,
      'disclose it',
    )
  }
  return {
    sessionId: sessionId(session),
    delegateKind: session.delegateKind,
    disclosed: concat([
      SIGN_MODE,
      packSession(session, shown),
      numberToHex(scope, { size: 1 }),
      numberToHex(words.length, { size: 1 }),
      ...words,
    ]),
  }
}

/** Returns the digest that the delegate signs for a message.
 *
 * @param hash what the module is asked about: {@link messageHash}, which some accounts wrap. */
export function signatureDigest(module: Address, draft: SignatureDraft, hash: Hash): Hash {
  const disclosure = keccak256(draft.disclosed)
  return hashTypedData(signatureTypedData(module, { hash, sessionId: draft.sessionId, disclosure }))
}

/** Returns the signature as the module reads it. */
export function sealSignature(draft: SignatureDraft, delegateSignature: Hex): Hex {
  return concat([draft.disclosed, delegateSignature])
}

function isSame(a: Hex, b: Hex): boolean {
  return a.toLowerCase() === b.toLowerCase()
}
