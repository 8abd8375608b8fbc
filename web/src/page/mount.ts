/** Something that draws itself anew when it is told to. */
export type Mounted = {
  /** Draws it anew, once for all the calls of a moment. */
  readonly update: () => void
  /** Never draws it again. */
  readonly end: () => void
}

/** Draws into a place, again and again. What had the focus keeps it, by its id, and what was open
 * stays open. */
export function mount(place: HTMLElement, draw: () => Node): Mounted {
  let isWaiting = false
  let isEnded = false
  const redraw = () => {
    isWaiting = false
    if (isEnded) return
    const kept = keepFocus(place)
    const open = openOnes(place)
    place.replaceChildren(draw())
    for (const one of place.querySelectorAll('details[id]')) {
      if (open.has(one.id)) one.setAttribute('open', '')
    }
    kept()
  }
  redraw()
  return {
    update() {
      if (isWaiting) return
      isWaiting = true
      queueMicrotask(redraw)
    },
    end() {
      isEnded = true
    },
  }
}

function openOnes(place: HTMLElement): Set<string> {
  return new Set([...place.querySelectorAll('details[id][open]')].map(({ id }) => id))
}

function keepFocus(place: HTMLElement): () => void {
  const focused = document.activeElement
  if (!(focused instanceof HTMLElement) || !focused.id || !place.contains(focused)) return () => {}
  const [start, end] =
    focused instanceof HTMLInputElement || focused instanceof HTMLTextAreaElement
      ? [focused.selectionStart, focused.selectionEnd]
      : [null, null]
  return () => {
    const again = document.getElementById(focused.id)
    again?.focus({ preventScroll: true })
    const isText = again instanceof HTMLInputElement || again instanceof HTMLTextAreaElement
    if (isText && start !== null) again.setSelectionRange(start, end)
  }
}

/** Tells users of screen readers what has happened. */
export function announce(text: string): void {
  const place = document.getElementById('announcements')
  if (place !== null) place.textContent = text
}
