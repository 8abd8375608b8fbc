import { visibleText } from './visibleText.ts'

/** What an element can hold. Text is only ever text: nothing here reads markup. */
export type Child = Node | string | false | undefined | readonly Child[]

/** The attributes that this page uses. None of them can hold a script. */
export type Attributes = {
  readonly [name: `aria-${string}` | `data-${string}`]: string | undefined
  readonly class?: string
  readonly id?: string
  readonly for?: string
  readonly href?: string
  readonly target?: '_blank'
  readonly download?: string
  readonly type?: 'button' | 'submit' | 'text' | 'number' | 'url' | 'file' | 'radio' | 'checkbox'
  readonly name?: string
  readonly value?: string
  readonly accept?: string
  readonly placeholder?: string
  readonly role?: string
  readonly title?: string
  readonly rows?: string
  readonly min?: string
  readonly max?: string
  readonly step?: string
  readonly tabindex?: string
  readonly inputmode?: 'decimal' | 'numeric' | 'text' | 'url'
  readonly autocomplete?: 'off'
  readonly spellcheck?: 'false'
  readonly dir?: 'ltr' | 'auto'
  readonly disabled?: boolean
  readonly checked?: boolean
  readonly open?: boolean
  readonly hidden?: boolean
  readonly required?: boolean
  readonly multiple?: boolean
  /** What happens on which event. */
  readonly on?: {
    readonly [K in keyof HTMLElementEventMap]?: (event: HTMLElementEventMap[K]) => void
  }
}

/** Makes an element. Its texts become text nodes, in which every character is seen. */
export function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag)
  const { on = {}, ...rest } = attributes
  for (const [name, value] of Object.entries(rest) as [string, string | boolean | undefined][]) {
    if (value === undefined || value === false) continue
    if (name === 'href' && !isOwnLink(String(value))) continue
    if (name === 'value' && 'value' in made) made.value = String(value)
    else made.setAttribute(name, value === true ? '' : String(value))
  }
  for (const [type, listener] of Object.entries(on)) {
    made.addEventListener(type, listener as EventListener)
  }
  made.append(...nodesOf(children))
  return made
}

/** Writes a text into an element, in the place of what it held. */
export function write(place: Element, text: string): void {
  place.textContent = visibleText(text)
}

/** Links lead to a place on this page, or to a file that it has made. */
function isOwnLink(link: string): boolean {
  return link.startsWith('#') || link.startsWith('blob:')
}

function nodesOf(children: readonly Child[]): Node[] {
  return children.flatMap((child) => {
    if (child === undefined || child === false) return []
    if (typeof child === 'string') return [document.createTextNode(visibleText(child))]
    return child instanceof Node ? [child] : nodesOf(child)
  })
}
