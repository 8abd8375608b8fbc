import { write } from './element.ts'

/** Something that draws itself anew when it is told to. */
export type Mounted = {
  /** Draws it anew, once for all the calls of a moment. */
  readonly update: () => void
}

/** Draws into a place, again and again. What is the same stays as it is; what had the focus keeps
 * it, by its id; what was open stays open; and what was typed into a field with `data-kept` stays,
 * with what was said of it. */
export function mount(place: HTMLElement, draw: () => Node): Mounted {
  let isWaiting = false
  let isPressed = false
  const redraw = () => {
    isWaiting = false
    const drawn = document.createElement('div')
    drawn.append(draw())
    for (const { id } of place.querySelectorAll('details[id][open]')) {
      drawn.querySelector(`details[id="${CSS.escape(id)}"]`)?.setAttribute('open', '')
    }
    if (place.childNodes.length > 0 && sameChildren(place, drawn)) return
    const refocus = keepFocus(place)
    const retype = keepTyped(place)
    place.replaceChildren(...drawn.childNodes)
    retype()
    refocus()
  }
  // A button that is drawn anew while it is pressed would not be clicked.
  place.addEventListener('pointerdown', () => {
    isPressed = true
  })
  const release = () => {
    isPressed = false
    if (isWaiting) setTimeout(redraw)
  }
  window.addEventListener('pointerup', release)
  window.addEventListener('pointercancel', release)
  redraw()
  return {
    update() {
      if (isWaiting) return
      isWaiting = true
      if (!isPressed) queueMicrotask(redraw)
    },
  }
}

function sameChildren(a: Node, b: Node): boolean {
  const [one, other] = [[...a.childNodes], [...b.childNodes]]
  return one.length === other.length && one.every((node, i) => node.isEqualNode(other[i] ?? null))
}

type TextField = HTMLInputElement | HTMLTextAreaElement

const isTextField = (node: Element | null): node is TextField =>
  node instanceof HTMLInputElement || node instanceof HTMLTextAreaElement

function keepTyped(place: HTMLElement): () => void {
  const typed = [...place.querySelectorAll('[data-kept][id]')]
    .filter(isTextField)
    .map((field) => ({ id: field.id, value: field.value, invalid: field.ariaInvalid }))
  return () => {
    for (const { id, value, invalid } of typed) {
      const again = document.getElementById(id)
      if (!isTextField(again)) continue
      again.value = value
      again.ariaInvalid = invalid
    }
  }
}

function keepFocus(place: HTMLElement): () => void {
  const focused = document.activeElement
  if (!(focused instanceof HTMLElement) || !focused.id || !place.contains(focused)) return () => {}
  const { id } = focused
  const range = isTextField(focused) ? [focused.selectionStart, focused.selectionEnd] : []
  return () => {
    const again = document.getElementById(id)
    again?.focus({ preventScroll: true })
    const [start, end] = range
    if (isTextField(again) && typeof start === 'number') again.setSelectionRange(start, end ?? null)
  }
}

/** Tells users of screen readers what has happened. */
export function announce(text: string): void {
  const place = document.getElementById('announcements')
  if (place !== null) write(place, text)
}
