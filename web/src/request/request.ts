import { type Grant, SessionRefused } from 'smart-session'
import { grantFromJson, randomSalt, readWindow } from 'smart-session/owner'
import { slice } from 'viem'
import { type AccountFacts } from '../place/account.ts'
import type { Connection } from '../place/connection.ts'

/** What an app asks for, as it travels in a link: fields of a session file, as the command line
 * writes them, without those that are the owner's to say (account, module, chains, epoch, salt). */
export type SessionRequest = { readonly [field: string]: unknown }

/** What an owner may set before signing. */
export type Terms = {
  readonly seconds: number
  readonly maxCalls: number
  readonly feeLimit: string
}

const ASKED = [
  ...['app', 'chain', 'lasts', 'delegate', 'delegateKind', 'maxCalls', 'feeLimit', 'paymaster'],
  ...['permissions', 'budgets', 'signing'],
]
/** Characters; a link is no place for more. */
const LONGEST = 60_000
const LONGEST_SESSION = 366 * 86_400

/** Returns a request as it travels in a link. */
export function requestToText(request: SessionRequest): string {
  const bytes = new TextEncoder().encode(JSON.stringify(request))
  const text = bytes.reduce((all, byte) => all + String.fromCharCode(byte), '')
  return btoa(text).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
}

/** Reads a request from a link.
 *
 * @throws SessionRefused if it is none. */
export function requestFromText(text: string): SessionRequest {
  if (text.length > LONGEST) return malformed(`it has ${text.length} characters`)
  try {
    const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'))
    const bytes = Uint8Array.from(binary, (one) => one.charCodeAt(0))
    return requestFromJson(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)))
  } catch (error) {
    if (error instanceof SessionRefused) throw error
    return malformed('it is cut off or changed')
  }
}

/** Reads a request: known fields only, so that nothing is overlooked.
 *
 * @throws SessionRefused if it is none. */
export function requestFromJson(json: unknown): SessionRequest {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) {
    return malformed('it is no object')
  }
  const unknown = Object.keys(json).find((field) => !ASKED.includes(field))
  if (unknown !== undefined) return malformed(`${unknown} is nothing that can be asked for`)
  return json as SessionRequest
}

/** Whether JSON looks like an app's request, and not like a session file. */
export function isRequest(json: unknown): boolean {
  const fields = (json ?? {}) as SessionRequest
  return 'lasts' in fields && 'permissions' in fields && !('account' in fields)
}

/** Returns what a request asks for that its owner may set. */
export function termsOf({ lasts, maxCalls, feeLimit }: SessionRequest): Terms {
  if (!Number.isSafeInteger(lasts) || Number(lasts) <= 0 || Number(lasts) > LONGEST_SESSION) {
    return malformed('lasts must be a number of seconds, a year at most')
  }
  if (!Number.isSafeInteger(maxCalls) || Number(maxCalls) <= 0) {
    return malformed('maxCalls must be a number of calls')
  }
  if (typeof feeLimit !== 'string') return malformed('feeLimit must be an amount as "0.01 ETH"')
  return { seconds: Number(lasts), maxCalls: Number(maxCalls), feeLimit }
}

/** Makes a session of a request. Account, module, epoch, begin and salt are never the app's to say.
 *
 * @throws SessionRefused if it asks for what no session can say, or on another chain. */
export async function grantOf(
  connection: Connection,
  account: AccountFacts,
  request: SessionRequest,
  { seconds, maxCalls, feeLimit }: Terms,
): Promise<Grant> {
  const { client, chain, module } = connection
  const { app: _, chain: wanted, lasts: __, ...asked } = request
  if (wanted !== undefined && wanted !== chain.id) {
    throw new SessionRefused(
      'WrongChain',
      `the app asks on chain ${String(wanted).slice(0, 40)}, this page is on chain ${chain.id}`,
      'set the page to that chain in the settings, or ask the app for a request on this one',
    )
  }
  const { validAfter, validUntil } = await readWindow(client, { seconds })
  const { grant } = grantFromJson({
    ...asked,
    module,
    account: account.address,
    ...(account.kind === undefined ? {} : { accountKind: account.kind }),
    ...(account.ownerValidator === undefined ? {} : { ownerValidator: account.ownerValidator }),
    chains: [{ chain: chain.id, epoch: `${account.epoch}` }],
    from: validAfter,
    expiry: validUntil,
    maxCalls,
    feeLimit,
    salt: `${BigInt(slice(randomSalt(), 0, 8))}`,
  })
  return grant
}

function malformed(why: string): never {
  const what = `the request cannot be read: ${why}`
  throw new SessionRefused('MalformedGrant', what, 'ask the app for a new link')
}
