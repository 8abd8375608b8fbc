import { type Grant, grantFromText, SessionRefused } from 'smart-session'
import { type Names, grantFromJson } from 'smart-session/owner'
import { type SessionRequest, isRequest, requestFromJson } from '../request/request.ts'

/** What was dropped on the desk. */
export type Incoming =
  | { readonly kind: 'grant'; readonly grant: Grant; readonly names: Names }
  | { readonly kind: 'request'; readonly request: SessionRequest }
  | { readonly kind: 'permissions'; readonly json: unknown }

/** Characters; nothing that the desk reads is longer. */
const LONGEST = 400_000

/** Reads what a user has brought: a session's text or file, an app's request, or an ERC-7715
 * request. What it is, it says itself; what it grants is looked at, never believed.
 *
 * @throws SessionRefused if it is none of these. */
export function readIncoming(text: string): Incoming {
  const trimmed = text.replace(/^\ufeff/, '').trim()
  if (trimmed.length > LONGEST) return malformed(`it has ${trimmed.length} characters`)
  const [, inLink] = /(session1\.[\w\s-]+)$/.exec(trimmed) ?? []
  if (inLink !== undefined) return { kind: 'grant', grant: grantFromText(inLink), names: {} }
  const json = parse(trimmed)
  if (isRequest(json)) return { kind: 'request', request: requestFromJson(json) }
  const first: unknown = Array.isArray(json) ? json[0] : json
  if (Array.isArray(json) && json.length !== 1) {
    return malformed(`it holds ${json.length} requests: bring one at a time`)
  }
  if (typeof first === 'object' && first !== null && 'permission' in first) {
    return { kind: 'permissions', json: first }
  }
  return { kind: 'grant', ...grantFromJson(json) }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return malformed('it is neither a session’s text (session1.…) nor JSON')
  }
}

function malformed(why: string): never {
  throw new SessionRefused(
    'MalformedGrant',
    `this cannot be read: ${why}`,
    'bring a session file, a text that begins with session1., or a request of an app',
  )
}
