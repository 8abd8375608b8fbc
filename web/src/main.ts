import './style.css'
import type { App, Room } from './app.ts'
import { makeDesk } from './desk/desk.ts'
import { makeGame } from './game/game.ts'
import { element } from './page/element.ts'
import { type Failure, failureOf } from './page/failure.ts'
import { announce, mount } from './page/mount.ts'
import { button, failureNotice, notice } from './page/parts.ts'
import { connect } from './place/connection.ts'
import { keepPlace, keptPlace } from './place/place.ts'
import { settingsView } from './settings.ts'
import { discoverWallets } from './wallet/wallets.ts'

/** Milliseconds after which it is said that the node is slow. */
const SLOW = 3_000

let failure: Failure | undefined
let isSlow = false
let isSetting = false
let turn = 0

const app: App = {
  place: keptPlace(),
  connection: undefined,
  wallets: [],
  owner: undefined,
  update: () => mounted.update(),
  go: (link) => history.replaceState(null, '', link),
  move(place) {
    app.place = place
    keepPlace(place)
    void reach()
  },
}

const rooms: { readonly [name: string]: Room } = { desk: makeDesk(app), game: makeGame(app) }

/** Connects to the node of the place; of several tries at a time the last one counts. */
async function reach(): Promise<void> {
  turn += 1
  const mine = turn
  ;[failure, isSlow, app.connection, app.owner] = [undefined, false, undefined, undefined]
  app.update()
  const slow = setTimeout(() => {
    isSlow = mine === turn
    app.update()
  }, SLOW)
  try {
    if (app.place.node === undefined) return
    const connection = await connect(app.place)
    if (mine !== turn) return
    app.connection = connection
    for (const room of Object.values(rooms)) room.connected()
  } catch (error) {
    if (mine !== turn) return
    failure = failureOf(error)
    announce(failure.what)
  } finally {
    clearTimeout(slow)
    if (mine === turn) isSlow = false
    app.update()
  }
}

function here(): { name: string; parameters: URLSearchParams } {
  const [, name = '', query = ''] = /^#\/(\w*)(?:\?(.*))?$/s.exec(location.hash) ?? []
  return { name: name in rooms ? name : 'desk', parameters: new URLSearchParams(query) }
}

function enter(): void {
  const { name, parameters } = here()
  rooms[name]?.enter(parameters)
  app.update()
}

function draw(): Node {
  const { name } = here()
  const room = rooms[name] as Room
  return element(
    'div',
    { class: 'page' },
    header(name),
    element(
      'main',
      { id: 'main', tabindex: '-1' },
      isSetting &&
        settingsView(app, () => {
          isSetting = false
          app.update()
        }),
      app.place.node === undefined &&
        notice('note', 'name a node and the session module in the settings to begin.'),
      isSlow && notice('note', 'the node has not answered yet; it is waited for.'),
      failure !== undefined && [
        failureNotice(failure),
        button('Connect again', () => void reach(), { id: 'reconnect', kind: 'main' }),
      ],
      room.draw(),
    ),
  )
}

function header(room: string): Node {
  const link = (name: string, label: string) =>
    element(
      'a',
      { href: `#/${name}`, id: `to-${name}`, 'aria-current': name === room ? 'page' : undefined },
      label,
    )
  const { connection } = app
  const chain = connection === undefined ? 'not connected' : connection.chain.name
  return element(
    'header',
    { class: 'top' },
    skip(),
    element('span', { class: 'brand' }, 'Smart Session'),
    element('nav', { 'aria-label': 'Rooms' }, link('desk', 'Desk'), link('game', 'Game')),
    element(
      'span',
      { class: connection === undefined ? 'chain off' : 'chain on', id: 'chain' },
      chain,
    ),
    button(
      'Settings',
      () => {
        isSetting = !isSetting
        app.update()
        queueMicrotask(() => document.getElementById('settings-title')?.focus())
      },
      { id: 'settings', kind: 'quiet' },
    ),
  )
}

/** A link would lead to another place: what stands behind # names the room. */
function skip(): Node {
  const made = button('Skip to the content', () => document.getElementById('main')?.focus())
  made.classList.add('skip')
  return made
}

const mounted = mount(document.getElementById('page') as HTMLElement, draw)

window.addEventListener('hashchange', () => {
  isSetting = false
  enter()
})
discoverWallets((wallet) => {
  app.wallets.push(wallet)
  app.update()
})

async function start(): Promise<void> {
  if (import.meta.env.MODE === 'demo') {
    try {
      const { enterWorld } = await import('./demo/world.ts')
      // Its addresses are those of this run: nothing that was kept before holds.
      app.place = await enterWorld()
    } catch (error) {
      failure = failureOf(error)
      app.update()
      return
    }
  }
  await reach()
  enter()
}

void start()
