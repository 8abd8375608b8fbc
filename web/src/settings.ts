import type { App } from './app.ts'
import { element } from './page/element.ts'
import { announce } from './page/mount.ts'
import { button, field } from './page/parts.ts'
import { type Place, readPlace } from './place/place.ts'

const FIELDS: readonly { name: keyof Place; label: string; hint?: string }[] = [
  {
    name: 'node',
    label: 'Node',
    hint: 'Over https, or on this machine. It must allow this page (CORS).',
  },
  { name: 'chainId', label: 'Chain', hint: 'The number of the chain that the node must be of.' },
  { name: 'module', label: 'Session module' },
  {
    name: 'codeHash',
    label: 'Hash of the module’s code',
    hint: 'Only where it is not a release, and you have checked that code.',
  },
  { name: 'account', label: 'Account' },
  { name: 'game', label: 'Game' },
  { name: 'sponsor', label: 'Sponsor' },
  { name: 'bundler', label: 'Bundler' },
]

/** The form of the place that the page works at. */
export function settingsView(app: App, close: () => void): HTMLElement {
  const inputs = FIELDS.map(({ name, label, hint }) => {
    const value = app.place[name]
    const input = element('input', {
      id: `setting-${name}`,
      'data-kept': '',
      type: 'text',
      autocomplete: 'off',
      spellcheck: 'false',
      value: value === undefined ? '' : String(value),
    })
    return { name, input, view: field(label, input, hint) }
  })
  const keep = () => {
    const entries = inputs.map(({ name, input }) => {
      const text = input.value.trim()
      return [name, name === 'chainId' && text !== '' ? Number(text) : text] as const
    })
    const place = readPlace(Object.fromEntries(entries))
    const wrong = inputs.filter(({ name, input }) => input.value.trim() !== '' && !(name in place))
    for (const { input } of inputs) input.removeAttribute('aria-invalid')
    for (const { input } of wrong) input.setAttribute('aria-invalid', 'true')
    const [first] = wrong
    if (first !== undefined) {
      announce('Something here cannot be read')
      first.input.focus()
      return
    }
    close()
    app.move(place)
  }
  return element(
    'section',
    { class: 'card settings', 'aria-labelledby': 'settings-title' },
    element('h2', { id: 'settings-title', tabindex: '-1' }, 'Settings'),
    element(
      'p',
      { class: 'quiet' },
      'They stay in this browser. Nothing that an app or a file says changes them.',
    ),
    inputs.map(({ view }) => view),
    element(
      'footer',
      {},
      button('Keep', keep, { id: 'settings-keep', kind: 'main' }),
      button('Close', close, { id: 'settings-close' }),
    ),
  )
}
