import { element } from '../page/element.ts'
import { button, field } from '../page/parts.ts'
import type { SessionRequest } from '../request/request.ts'

/** A question of a template's form. */
type Question = {
  readonly name: string
  readonly label: string
  readonly start: string
  hint?: string
}
type Answers = { readonly [name: string]: string }

/** A kind of session that is often wanted, and what must be asked for it. */
type Template = {
  readonly title: string
  readonly questions: readonly Question[]
  /** Returns what a request of that kind says; its parts are checked as an app's are. */
  readonly make: (answers: Answers) => SessionRequest
}

const DELEGATE: Question = { name: 'delegate', label: 'Delegate (address)', start: '' }
const HOURS: Question = { name: 'hours', label: 'Hours', start: '2' }
const FEES: Question = { name: 'fees', label: 'Gas, at most (ETH)', start: '0.02' }

/** The templates, in the order of the menu. */
export const TEMPLATES: { readonly [name: string]: Template } = {
  game: {
    title: 'Moves in a game',
    questions: [
      DELEGATE,
      { name: 'target', label: 'Game (address)', start: '' },
      { name: 'call', label: 'Function', start: 'move(uint8)' },
      { name: 'calls', label: 'Moves', start: '20' },
      { name: 'value', label: 'Ether with one move, at most', start: '0.01' },
      { name: 'total', label: 'Ether in all, at most', start: '0.05' },
      HOURS,
      FEES,
    ],
    make: ({ target, call, value, total, calls, ...rest }) => ({
      ...frame(rest, calls),
      permissions: [{ target, call, value: `${value} ETH` }],
      budgets: [{ token: 'native', amount: `${total} ETH` }],
    }),
  },
  subscription: {
    title: 'A subscription',
    questions: [
      DELEGATE,
      { name: 'token', label: 'Token (address)', start: '' },
      { name: 'decimals', label: 'Decimals of the token', start: '18' },
      { name: 'payee', label: 'Payee (address)', start: '' },
      { name: 'price', label: 'Price in each period', start: '10' },
      { name: 'days', label: 'Days in a period', start: '30' },
      { name: 'payments', label: 'Payments', start: '12' },
      FEES,
    ],
    make: ({ token, decimals, payee, price = '', days, payments, ...rest }) => ({
      ...frame({ ...rest, hours: `${Number(days) * 24 * Number(payments)}` }, payments),
      permissions: [
        {
          target: token,
          call: 'transfer(address,uint256)',
          rules: [
            { argument: 0, equals: payee },
            { argument: 1, equals: smallest(price, Number(decimals)) },
          ],
        },
      ],
      budgets: [{ token, amount: price, decimals: Number(decimals), per: `${Number(days)}d` }],
    }),
  },
  transfers: {
    title: 'Small payments to one receiver',
    questions: [
      DELEGATE,
      { name: 'target', label: 'Receiver (address)', start: '' },
      { name: 'value', label: 'Ether in one payment, at most', start: '0.01' },
      { name: 'total', label: 'Ether in all, at most', start: '0.1' },
      { name: 'calls', label: 'Payments', start: '10' },
      HOURS,
      FEES,
    ],
    make: ({ target, value, total, calls, ...rest }) => ({
      ...frame(rest, calls),
      permissions: [{ target, call: 'plain transfer', value: `${value} ETH` }],
      budgets: [{ token: 'native', amount: `${total} ETH` }],
    }),
  },
}

function frame({ delegate, hours, fees }: Answers, calls: string | undefined): SessionRequest {
  return {
    delegate,
    delegateKind: 'secp256k1',
    lasts: Math.round(Number(hours) * 3600),
    maxCalls: Number(calls),
    feeLimit: `${fees} ETH`,
  }
}

/** Writes an amount in a token's smallest unit; what is no amount is refused where it is read. */
function smallest(amount: string, decimals: number): string {
  const [, whole, fraction = ''] = /^(\d+)(?:\.(\d+))?$/.exec(amount.trim()) ?? []
  if (whole === undefined || fraction.length > decimals) return amount
  return BigInt(whole + fraction.padEnd(decimals, '0')).toString()
}

/** The form of a template. What is typed is kept in `answers`. */
export function templateForm(
  name: string,
  answers: { [name: string]: string },
  choose: (name: string) => void,
  review: (request: SessionRequest) => void,
): HTMLElement {
  const template = TEMPLATES[name] ?? (TEMPLATES['game'] as Template)
  const valueOf = ({ name: question, start }: Question) => answers[question] ?? start
  const menu = element(
    'select',
    {
      id: 'template',
      on: { change: (event) => choose((event.target as HTMLSelectElement).value) },
    },
    Object.entries(TEMPLATES).map(([key, { title }]) => {
      const option = element('option', { value: key }, title)
      option.selected = key === name
      return option
    }),
  )
  const submit = () => {
    const given = template.questions.map((one) => [one.name, valueOf(one)] as const)
    review(template.make(Object.fromEntries(given)))
  }
  return element(
    'div',
    { class: 'form' },
    field('Kind', menu),
    template.questions.map((question) =>
      field(
        question.label,
        element('input', {
          id: `template-${question.name}`,
          type: 'text',
          autocomplete: 'off',
          spellcheck: 'false',
          value: valueOf(question),
          on: {
            input: (event) => {
              answers[question.name] = (event.target as HTMLInputElement).value
            },
          },
        }),
        question.hint,
      ),
    ),
    element('p', { class: 'quiet' }, 'You see everything in words before your wallet is asked.'),
    button('Review', submit, { id: 'template-review', kind: 'main' }),
  )
}
