import { type Hex, concat, numberToHex } from 'viem'
import { SessionRefused } from '../errors/sessionRefused.js'
import type { Disclosure } from '../session/disclosure.js'
import { packSession } from '../session/packSession.js'
import type { Session } from '../session/session.js'
import { sessionId } from '../session/sessionId.js'
import { coverMessage } from './coverMessage.js'
import type { Message } from './message.js'
import type { SignatureDraft } from './signatureDraft.js'

/** The mode byte of signatures for apps. */
const SIGN_MODE: Hex = '0x02'

/** Most words of a message. */
const MOST_WORDS = 255

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
