import type { Grant } from 'smart-session'
import type { Hash } from 'viem'
import { element } from '../page/element.ts'
import { button, copyButton } from '../page/parts.ts'

/** What the owner hands out: the session as text and file, and the answer to an ERC-7715 request. */
export type Signed = {
  /** The session's id. */
  readonly id: Hash
  readonly text: string
  readonly file: string
  readonly answer: string | undefined
}

/** Returns what answers an ERC-7715 request: the permission context, and the module that redeems it. */
export async function answerOf(asked: unknown, grant: Grant): Promise<string | undefined> {
  if (asked === undefined) return undefined
  const { permissionResponse } = await import('smart-session/permissions')
  return JSON.stringify([permissionResponse(grant, asked as never)], undefined, 2)
}

/** What the owner hands to the delegate. */
export function signedView({ text, file, answer }: Signed, close: () => void): HTMLElement {
  const back = `#/game?session=${text}`
  const blob = new Blob([file], { type: 'application/json' })
  return element(
    'section',
    { class: 'card signed', 'aria-labelledby': 'signed-title' },
    element('h2', { id: 'signed-title', tabindex: '-1' }, 'Signed'),
    element(
      'p',
      {},
      'This text is the session with your signature. Whoever has the delegate’s key can use it; to ' +
        'anyone else it is worth nothing.',
    ),
    element('code', { class: 'text', id: 'signed-text', dir: 'ltr', tabindex: '0' }, text),
    answer !== undefined &&
      element('code', { class: 'text', id: 'signed-answer', dir: 'ltr', tabindex: '0' }, answer),
    element(
      'footer',
      {},
      element('a', { class: 'button main', href: back, id: 'signed-back' }, 'Back to the game'),
      copyButton('Copy the text', text, 'signed-copy'),
      answer !== undefined &&
        copyButton('Copy the answer (ERC-7715)', answer, 'signed-answer-copy'),
      element(
        'a',
        {
          class: 'button quiet',
          href: URL.createObjectURL(blob),
          download: 'session.json',
          id: 'signed-file',
        },
        'Save as a file',
      ),
      button('Close', close, { id: 'signed-close', kind: 'quiet' }),
    ),
  )
}
