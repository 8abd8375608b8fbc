import type { Grant } from 'smart-session'
import { element } from '../page/element.ts'
import { addressOf, button, copyButton, field } from '../page/parts.ts'
import type { Place } from '../place/place.ts'
import { type SessionRequest, requestToText } from '../request/request.ts'
import { type GameKey, makeBrowserKey, makePasskey } from './keys.ts'
import { MOVE } from './play.ts'

/** The first step: a key that the game signs with. */
export function keyStep(
  key: GameKey | undefined,
  makeKey: (make: () => Promise<GameKey>) => void,
): HTMLElement {
  if (key !== undefined) {
    const words = element('p', { id: 'key' }, `Your ${key.kind}: `, addressOf(key.delegate.address))
    return step('A key of this game', true, words)
  }
  return step(
    'A key of this game',
    false,
    element(
      'p',
      { class: 'quiet' },
      'It signs the moves. It never leaves this device, and it can do nothing yet.',
    ),
    element(
      'div',
      { class: 'moves' },
      button('Make a passkey', () => makeKey(() => makePasskey('Game moves')), {
        id: 'make-passkey',
        kind: 'main',
      }),
      button('Make a key in this browser', () => makeKey(makeBrowserKey), { id: 'make-key' }),
    ),
  )
}

/** The second step: a session for the key, asked for at the desk. */
export function sessionStep(
  key: GameKey,
  grant: Grant | undefined,
  place: Place,
  take: (text: string) => void,
): HTMLElement {
  if (place.game === undefined) {
    return step('A game', false, element('p', {}, 'Name the game’s contract in the settings.'))
  }
  const link = `#/desk?request=${requestToText(requestFor(key, place))}`
  const text = element('textarea', {
    id: 'session-text',
    'data-kept': '',
    rows: '2',
    placeholder: 'session1.…',
    spellcheck: 'false',
    autocomplete: 'off',
    dir: 'ltr',
  })
  return step(
    'A session for it',
    grant !== undefined,
    grant === undefined
      ? element(
          'p',
          { class: 'quiet' },
          'For two hours: up to 20 moves, at most 0.01 ETH each and 0.05 ETH in all. The owner ' +
            'reads and signs it at the desk.',
        )
      : element(
          'p',
          { id: 'session' },
          'You have one, of the account ',
          addressOf(grant.session.account),
          '. Ask for another:',
        ),
    element(
      'div',
      { class: 'moves' },
      element(
        'a',
        { class: grant ? 'button' : 'button main', href: link, id: 'ask' },
        'Ask at the desk',
      ),
      copyButton('Copy the link', new URL(link, location.href).href, 'ask-copy'),
    ),
    element(
      'details',
      { id: 'paste' },
      element('summary', {}, 'Paste a session'),
      field('Text of the session', text),
      button('Take it', () => take(text.value), { id: 'session-take' }),
    ),
  )
}

/** What the game asks to be permitted. */
function requestFor({ delegate, kind }: GameKey, { game, chainId }: Place): SessionRequest {
  return {
    app: 'Two rooms, the game',
    ...(chainId === undefined ? {} : { chain: chainId }),
    lasts: 2 * 60 * 60,
    delegate: delegate.address,
    delegateKind: kind === 'passkey' ? 'webauthn' : 'p256',
    maxCalls: 20,
    feeLimit: '0.05 ETH',
    paymaster: 'none',
    permissions: [{ target: game, call: MOVE, value: '0.01 ETH' }],
    budgets: [{ token: 'native', amount: '0.05 ETH' }],
  }
}

function step(title: string, isDone: boolean, ...children: Node[]): HTMLElement {
  const view = { class: isDone ? 'card step done' : 'card step' }
  return element('li', view, element('h2', {}, title), ...children)
}
