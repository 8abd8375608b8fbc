import type { SessionDraft } from '../sessionDraft.js'

/** Refuses what an object of a request says beside the fields that are known. Fields that are `null`
 * count as left out. */
export function refuseUnknown(
  { findings }: SessionDraft,
  place: string,
  object: unknown,
  known: readonly string[],
): void {
  if (typeof object !== 'object' || object === null || Array.isArray(object)) return
  for (const [field, value] of Object.entries(object)) {
    if (value === null || value === undefined || known.includes(field)) continue
    // A name that is none of a field's is not shown.
    const isPlain = /^[A-Za-z0-9]{1,40}$/.test(field)
    const path = isPlain ? (place === '' ? field : `${place}.${field}`) : place
    findings.refuse(path, 'something that is not known', 'leave it out')
  }
}
