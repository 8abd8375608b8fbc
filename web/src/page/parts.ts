import { type Address, getAddress } from 'viem'
import { type Child, element, write } from './element.ts'
import { type Failure, failureOf } from './failure.ts'
import { announce } from './mount.ts'

/** A button. */
export function button(
  label: string,
  onClick: () => void,
  { id, kind = 'plain', isBusy = false, isOff = false, describedBy }: ButtonTerms = {},
): HTMLButtonElement {
  return element(
    'button',
    {
      type: 'button',
      class: `button ${kind}`,
      ...(id === undefined ? {} : { id }),
      disabled: isOff || isBusy,
      'aria-busy': isBusy ? 'true' : undefined,
      'aria-describedby': describedBy,
      on: { click: onClick },
    },
    label,
  )
}

type ButtonTerms = {
  id?: string
  kind?: 'plain' | 'main' | 'danger' | 'quiet'
  isBusy?: boolean
  isOff?: boolean
  describedBy?: string
}

/** A field with its label, and what to know about it. */
export function field(
  label: string,
  input: HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement,
  hint?: string,
): HTMLElement {
  const hintId = `${input.id}-hint`
  if (hint !== undefined) input.setAttribute('aria-describedby', hintId)
  return element(
    'div',
    { class: 'field' },
    element('label', { for: input.id }, label),
    input,
    hint !== undefined && element('small', { id: hintId }, hint),
  )
}

/** A notice: what it is about is said by its first word too, not by colour alone. */
export function notice(
  kind: 'good' | 'note' | 'warning' | 'bad',
  ...children: Child[]
): HTMLElement {
  const word = { good: 'Done', note: 'Note', warning: 'Careful', bad: 'Not done' }[kind]
  const role = kind === 'bad' ? 'alert' : 'note'
  return element(
    'div',
    { class: `notice ${kind}`, role },
    element('strong', {}, `${word}: `),
    ...children,
  )
}

/** What has failed, and what to do about it. */
export function failureNotice(failure: Failure): HTMLElement {
  return notice(
    'bad',
    sentence(failure.what),
    ' ',
    element('span', { class: 'remedy' }, sentence(failure.remedy)),
  )
}

/** Returns words as a sentence. */
export function sentence(words: string): string {
  const text = words.trim()
  const end = /[.!?…]$/.test(text) ? '' : '.'
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}${end}`
}

/** An address, short to read and whole to copy. */
export function addressOf(address: Address): HTMLElement {
  const whole = getAddress(address)
  return element(
    'code',
    { class: 'address', title: whole, dir: 'ltr' },
    `${whole.slice(0, 8)}…${whole.slice(-6)}`,
  )
}

/** A button that copies a text. */
export function copyButton(label: string, text: string, id: string): HTMLButtonElement {
  const made = button(
    label,
    () => {
      navigator.clipboard.writeText(text).then(
        () => {
          write(made, 'Copied')
          announce('Copied')
        },
        (error: unknown) => announce(failureOf(error).what),
      )
    },
    { id, kind: 'quiet' },
  )
  return made
}

/** How much is left of something, as a bar and in words. */
export function meter(label: string, words: string, part: number): HTMLElement {
  const left = Math.max(0, Math.min(1, part))
  const fill = element('span', { class: left < 0.15 ? 'fill low' : 'fill' })
  fill.style.width = `${Math.round(left * 1000) / 10}%`
  return element(
    'div',
    { class: 'meter' },
    element('span', { class: 'meter-label' }, label),
    element('span', { class: 'meter-words' }, words),
    element(
      'span',
      {
        class: 'track',
        role: 'meter',
        'aria-label': label,
        'aria-valuemin': '0',
        'aria-valuemax': '100',
        'aria-valuenow': `${Math.round(left * 100)}`,
        'aria-valuetext': words,
      },
      fill,
    ),
  )
}
