import type { Remaining, Session, SessionStanding } from 'smart-session'
import { parseEther } from 'viem'
import { element } from '../page/element.ts'
import type { Failure } from '../page/failure.ts'
import { ether, metersOf } from '../page/meters.ts'
import { button, field, sentence } from '../page/parts.ts'
import { statusPill } from '../page/status.ts'
import { SQUARES, type Standing } from './play.ts'
import type { Way } from './player.ts'
import { WAY_WORDS } from './ways.ts'

/** One try to play, and what became of it. */
export type Tried = {
  readonly id: number
  readonly label: string
  readonly milliseconds: number | undefined
  readonly failure: Failure | undefined
}

/** What the board shows. */
export type Board = {
  readonly session: Session
  readonly status: SessionStanding | undefined
  readonly left: Remaining | undefined
  readonly standing: Standing | undefined
  readonly tried: readonly Tried[]
  readonly way: Way
  readonly stake: string
  readonly isBusy: boolean
  readonly now: number
}

/** What the board's buttons do. */
export type BoardActions = {
  readonly move: (step: number, times?: number) => void
  readonly withdraw: () => void
  readonly setStake: (stake: string) => void
  readonly setWay: (way: Way) => void
}

/** Stakes that can be chosen; the last is more than the game asks to be permitted. */
const STAKES = ['0', '0.001', '0.01', '0.02']

/** The game: a board, moves, and what is left of the session. */
export function boardView(board: Board, actions: BoardActions): HTMLElement {
  const { session, status, left, standing, isBusy, now } = board
  return element(
    'section',
    { class: 'card board', 'aria-labelledby': 'board-title', id: 'board' },
    element(
      'header',
      {},
      element('h2', { id: 'board-title' }, 'Play'),
      status !== undefined && statusPill(status),
    ),
    track(standing),
    element(
      'div',
      { class: 'moves' },
      [1, 2, 3].map((step) =>
        button(`Move ${step}`, () => actions.move(step), {
          id: `move-${step}`,
          kind: 'main',
          isBusy,
        }),
      ),
      stakeField(board, actions),
    ),
    left !== undefined &&
      element('div', { class: 'meters', id: 'left' }, metersOf(session, left, now, new Map())),
    log(board),
    element(
      'details',
      { id: 'try-more' },
      element('summary', {}, 'Try what is not permitted'),
      element('p', { class: 'quiet' }, 'Each is refused, and you are told why.'),
      element(
        'div',
        { class: 'moves' },
        button('Take the stake back', actions.withdraw, { id: 'try-withdraw', isBusy }),
        button('Move 33 times at once', () => actions.move(1, 33), { id: 'try-many', isBusy }),
      ),
    ),
    wayChoice(board, actions),
  )
}

function track(standing: Standing | undefined): HTMLElement {
  const at = standing?.square
  const words =
    standing === undefined
      ? 'Reading the board …'
      : `Square ${standing.square + 1} of ${SQUARES}, ${standing.moves} moves made, ${ether(standing.stake)} at stake`
  return element(
    'div',
    {},
    element(
      'div',
      { class: 'track-board', 'aria-hidden': 'true' },
      Array.from({ length: SQUARES }, (_, i) =>
        element('span', { class: i === at ? 'square here' : 'square' }),
      ),
    ),
    element('p', { id: 'standing' }, words),
  )
}

function stakeField({ stake }: Board, { setStake }: BoardActions): HTMLElement {
  const select = element(
    'select',
    { id: 'stake', on: { change: (event) => setStake((event.target as HTMLSelectElement).value) } },
    STAKES.map((value) => {
      const isOver = parseEther(value) > parseEther('0.01')
      const option = element('option', { value }, `${value} ETH${isOver ? ' (too much)' : ''}`)
      option.selected = value === stake
      return option
    }),
  )
  return field('Stake', select)
}

function log({ tried, isBusy }: Board): HTMLElement {
  return element(
    'ol',
    { class: 'log', id: 'log', 'aria-label': 'What was tried, the newest first' },
    isBusy && element('li', { class: 'busy' }, 'Signing and sending …'),
    tried.map(({ id, label, milliseconds, failure }) =>
      element(
        'li',
        {
          class: failure ? 'refused' : 'mined',
          'data-try': `${id}`,
          'data-ms': milliseconds === undefined ? undefined : `${milliseconds}`,
          'data-code': failure?.code,
        },
        element('strong', {}, failure ? 'Refused' : 'Mined'),
        ` ${label}. `,
        failure
          ? element('span', {}, `${sentence(failure.what)} ${sentence(failure.remedy)}`)
          : `From click to block: ${milliseconds} ms.`,
      ),
    ),
  )
}

function wayChoice({ way }: Board, { setWay }: BoardActions): HTMLElement {
  return element(
    'fieldset',
    { class: 'ways' },
    element('legend', {}, 'Who brings the moves'),
    Object.entries(WAY_WORDS).map(([name, { label, meaning }]) =>
      element(
        'label',
        { for: `way-${name}` },
        element('input', {
          id: `way-${name}`,
          type: 'radio',
          name: 'way',
          value: name,
          checked: way === name,
          on: { change: () => setWay(name as Way) },
        }),
        element('span', {}, element('strong', {}, label), ` ${meaning}`),
      ),
    ),
  )
}
