import type { Hex } from 'viem'
import { SessionRefused } from '../errors/sessionRefused.js'
import type { Session, SigningScope } from '../session/session.js'
import type { Message } from './message.js'

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

function isSame(a: Hex, b: Hex): boolean {
  return a.toLowerCase() === b.toLowerCase()
}
