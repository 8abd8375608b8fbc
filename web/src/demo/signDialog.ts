import { type Child, element } from '../page/element.ts'
import { button } from '../page/parts.ts'

/** Shows what a wallet is asked to sign, field by field, and waits for the answer.
 *
 * @throws what wallets throw when it is declined (EIP-1193, 4001). */
export function askToSign(name: string, title: string, fields: unknown): Promise<void> {
  return new Promise((resolve, reject) => {
    const dialog = element('dialog', { class: 'wallet-dialog', 'aria-labelledby': 'wallet-title' })
    let isSigned = false
    const answer = (yes: boolean) => {
      isSigned = yes
      dialog.close()
    }
    dialog.addEventListener('close', () => {
      dialog.remove()
      if (isSigned) return resolve()
      const declined = Object.assign(new Error('declined'), { code: 4001 })
      reject(declined)
    })
    dialog.append(
      element('p', { class: 'quiet' }, `${name}’s demo wallet · its key is known to everyone`),
      element('h2', { id: 'wallet-title' }, title),
      element(
        'div',
        { class: 'wallet-fields', tabindex: '0', role: 'group', 'aria-label': 'What is signed' },
        treeOf(fields),
      ),
      element(
        'footer',
        {},
        button('Sign', () => answer(true), { id: 'wallet-sign', kind: 'main' }),
        button('Decline', () => answer(false), { id: 'wallet-decline' }),
      ),
    )
    document.body.append(dialog)
    dialog.showModal()
  })
}

function treeOf(value: unknown): Child {
  if (typeof value !== 'object' || value === null) {
    return element('code', { dir: 'ltr' }, String(value))
  }
  const entries = Object.entries(value)
  if (entries.length === 0) return element('span', { class: 'quiet' }, 'none')
  return element(
    'dl',
    {},
    entries.map(([key, one]) =>
      element('div', {}, element('dt', {}, key), element('dd', {}, treeOf(one))),
    ),
  )
}
