import type { App } from '../app.ts'
import { type Child, element, write } from '../page/element.ts'
import { failureOf } from '../page/failure.ts'
import { announce } from '../page/mount.ts'
import { button } from '../page/parts.ts'
import { connectOwner } from '../wallet/owner.ts'
import type { Wallet } from '../wallet/wallets.ts'

/** Buttons that connect the wallets which have announced themselves.
 *
 * @param name what the buttons' ids begin with. */
export function walletButtons(app: App, name: string): Child {
  const { wallets, connection } = app
  if (connection === undefined) return undefined
  const ask = (wallet: Wallet) => {
    const changed = () => {
      app.owner = undefined
      app.update()
    }
    connectOwner(wallet, connection.chain, changed).then(
      (connected) => {
        app.owner = connected
        announce(`${wallet.name} is connected`)
        app.update()
      },
      (error: unknown) => {
        const { what } = failureOf(error)
        announce(what)
        const place = document.getElementById(`${name}-failure`)
        if (place !== null) write(place, what)
      },
    )
  }
  return [
    wallets.map((wallet, i) => {
      const made = button(wallet.name.slice(0, 40), () => ask(wallet), { id: `${name}-${i}` })
      if (wallet.icon !== undefined) {
        const image = element('img', { 'aria-hidden': 'true' })
        image.alt = ''
        image.src = wallet.icon
        made.prepend(image)
      }
      return made
    }),
    element('p', { id: `${name}-failure`, class: 'problem', role: 'alert' }),
  ]
}
