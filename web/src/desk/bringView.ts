import { element } from '../page/element.ts'
import { button, field } from '../page/parts.ts'

/** Bytes; a session's file is never longer. */
const LONGEST = 400_000

/** Where files and texts are brought: dropped, chosen or pasted. */
export function bringView(bring: (text: string) => void, isBusy: boolean): HTMLElement {
  const text = element('textarea', {
    id: 'bring-text',
    'data-kept': '',
    rows: '3',
    spellcheck: 'false',
    autocomplete: 'off',
    placeholder: 'session1.… or JSON',
    dir: 'ltr',
  })
  const read = async (file: File | null | undefined) => {
    if (!file) return
    // What is too long is cut, and then refused as what it is.
    bring(await file.slice(0, LONGEST + 1).text())
  }
  const chosen = element('input', {
    id: 'bring-file',
    type: 'file',
    accept: '.json,.txt,application/json,text/plain',
    disabled: isBusy,
    on: { change: () => void read(chosen.files?.[0]) },
  })
  const place = element(
    'section',
    { class: 'card bring', id: 'bring', 'aria-labelledby': 'bring-title' },
    element('h2', { id: 'bring-title' }, 'Bring a session or a request'),
    element(
      'p',
      { class: 'quiet' },
      'A session file or text, an app’s request, or an ERC-7715 request. Drop it here, choose it or paste it.',
    ),
    field('File', chosen),
    field('Text', text),
    button('Look at it', () => bring(text.value), { id: 'bring-look', isBusy }),
  )
  place.addEventListener('dragover', (event) => {
    event.preventDefault()
    place.classList.add('over')
  })
  place.addEventListener('dragleave', () => place.classList.remove('over'))
  place.addEventListener('drop', (event) => {
    event.preventDefault()
    place.classList.remove('over')
    const { files, items } = event.dataTransfer ?? {}
    if (files?.[0]) void read(files[0])
    else for (const item of items ?? []) if (item.kind === 'string') item.getAsString(bring)
  })
  return place
}
