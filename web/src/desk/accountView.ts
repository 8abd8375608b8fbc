import type { App } from '../app.ts'
import { type Child, element } from '../page/element.ts'
import { announce } from '../page/mount.ts'
import { addressOf, button, field, notice } from '../page/parts.ts'
import { lasting, moment } from '../page/time.ts'
import { type AccountFacts, KIND_NAMES } from '../place/account.ts'
import type { ModuleFacts } from '../place/module.ts'
import { addressIn } from '../place/place.ts'
import { walletButtons } from './walletButtons.ts'

/** What an owner can do with all sessions at once. */
export type AccountActions = { readonly revokeAll: () => void; readonly leave: () => void }

/** A program that lapses sooner is warned of; seconds. */
const SOON = 60 * 86_400

/** The account, the wallet of its owner, and the module. */
export function accountView(
  app: App,
  account: AccountFacts | undefined,
  module: ModuleFacts | undefined,
  now: number,
  actions: AccountActions,
  isBusy: boolean,
): HTMLElement {
  return element(
    'section',
    { class: 'card account', 'aria-labelledby': 'account-title' },
    element('h2', { id: 'account-title' }, 'Account'),
    account === undefined ? chooser(app) : facts(account, module, now),
    walletView(app),
    account !== undefined &&
      app.owner !== undefined &&
      element(
        'footer',
        {},
        confirmed(
          'revoke-all',
          'Revoke all sessions',
          'Ends every session on this chain, those never enabled too.',
          actions.revokeAll,
          isBusy,
        ),
        (account.isValidator || account.isExecutor) &&
          confirmed(
            'leave',
            'Leave',
            'Revokes all sessions and uninstalls the module from the account.',
            actions.leave,
            isBusy,
          ),
      ),
  )
}

/** A button that asks once more, in its place. */
function confirmed(
  id: string,
  label: string,
  meaning: string,
  action: () => void,
  isBusy: boolean,
): HTMLElement {
  return element(
    'details',
    { class: 'confirm', id: `${id}-ask` },
    element('summary', { id, class: 'button quiet' }, `${label} …`),
    element('p', {}, meaning),
    button(label, action, { id: `${id}-sure`, kind: 'danger', isBusy }),
  )
}

function chooser(app: App): Child {
  const input = element('input', {
    id: 'account',
    'data-kept': '',
    type: 'text',
    value: app.place.account ?? '',
    placeholder: '0x…',
    autocomplete: 'off',
    spellcheck: 'false',
  })
  const look = () => {
    const address = addressIn(input.value)
    if (address === undefined) announce('This is no address')
    else app.move({ ...app.place, account: address })
    input.setAttribute('aria-invalid', address === undefined ? 'true' : 'false')
  }
  return app.place.account === undefined
    ? element(
        'div',
        { class: 'form' },
        field('Address of the smart account', input, 'Reading needs no wallet.'),
        button('Show its sessions', look, { id: 'account-look', kind: 'main' }),
      )
    : element('p', { class: 'quiet', 'aria-busy': 'true' }, 'Asking the chain …')
}

function facts(account: AccountFacts, module: ModuleFacts | undefined, now: number): Child {
  const { address, kind, epoch, isValidator, isExecutor, ownerValidator, route } = account
  const kinds = [isValidator && 'validator', isExecutor && 'executor'].filter(Boolean)
  return [
    element(
      'dl',
      { class: 'facts' },
      row(
        'account',
        addressOf(address),
        ` ${kind === undefined ? 'of unknown kind' : KIND_NAMES[kind]}`,
      ),
      row('module', kinds.length > 0 ? `installed as ${kinds.join(' and ')}` : 'not installed'),
      row(
        'owner’s signatures',
        ...(ownerValidator === undefined
          ? [
              { any: 'any validator of the account', closed: 'enable nothing' }[String(route)] ??
                'by a route of its own',
            ]
          : ['checked by ', addressOf(ownerValidator)]),
      ),
      row('epoch', `${epoch}`),
      module !== undefined && row('module’s code', moduleWords(module, now)),
    ),
    module !== undefined &&
      module.source === undefined &&
      notice(
        'bad',
        'the code at the module’s address is not that of a release. Nothing is signed for it. ',
        element('code', { class: 'text', dir: 'ltr' }, module.codeHash),
        ' If you have checked that code, name this hash in the settings.',
      ),
    isExecutor &&
      notice(
        'note',
        'the module is an executor here, so delegates can act without the EntryPoint: a limit on gas and a named paymaster do not bind them then.',
      ),
    module?.lapsesAt === 'lapsed' &&
      notice(
        'bad',
        'the module’s program has lapsed: nothing acts through it, and nothing can be revoked. Anyone can activate it again: session deploy, or activateProgram of ArbWasm.',
      ),
    typeof module?.lapsesAt === 'number' &&
      module.lapsesAt - now < SOON &&
      notice(
        'warning',
        `the module’s program lapses ${moment(module.lapsesAt)}. Then its calls fail until anyone activates it again.`,
      ),
  ]
}

function moduleWords({ source, lapsesAt }: ModuleFacts, now: number): string {
  const known = { release: 'that of a release', you: 'known by the hash in the settings' }
  const code = source === undefined ? 'not known' : known[source]
  if (typeof lapsesAt !== 'number') return code
  return `${code}; runs for ${lasting(lapsesAt - now)} more, until ${moment(lapsesAt)}`
}

function row(label: string, ...value: Child[]): HTMLElement {
  return element('div', {}, element('dt', {}, label), element('dd', {}, ...value))
}

function walletView(app: App): Child {
  const { owner, wallets, connection } = app
  if (owner !== undefined) {
    return element(
      'p',
      { class: 'wallet', id: 'wallet' },
      `${owner.name} is connected: `,
      addressOf(owner.address),
    )
  }
  if (connection === undefined) return undefined
  return element(
    'div',
    { class: 'wallets' },
    element(
      'p',
      { class: 'quiet' },
      wallets.length === 0
        ? 'Reading only: no wallet has announced itself in this browser.'
        : 'Reading only. To sign or revoke, connect the owner’s wallet:',
    ),
    walletButtons(app, 'wallet'),
  )
}
