import { type Grant, grantToText, sessionId, SessionRefused } from 'smart-session'
import type { Comparison, ImportRefusal } from 'smart-session/from'
import {
  type Names,
  type Warning,
  checkSession,
  randomSalt,
  readFacts,
  readWindow,
  sessionTypedData,
  sessionWarnings,
} from 'smart-session/owner'
import { type TypedDataDefinition, slice } from 'viem'
import { type Failure, failureOf } from '../page/failure.ts'
import { type AccountFacts, ownersPart, readAccount } from '../place/account.ts'
import { type Connection, checkChain } from '../place/connection.ts'
import { type SessionRequest, type Terms, grantOf, termsOf } from '../request/request.ts'
import { type Owner, signAsOwner } from '../wallet/owner.ts'
import type { NameBook } from './names.ts'
import { answerOf } from './signedView.ts'

/** A session that the owner is asked to sign, with all that should be seen before. */
export type Review = {
  /** Who asks, in its own words. */
  readonly asker: string | undefined
  /** The ERC-7715 request that is answered, if it is one. */
  readonly asked: unknown
  /** What may be set before signing; `undefined` where the session is as it is. */
  readonly terms: Terms | undefined
  readonly request: SessionRequest | undefined
  readonly grant: Grant | undefined
  readonly names: Names
  readonly warnings: readonly Warning[]
  /** What another system's request says, and what the session says instead. */
  readonly comparisons: readonly Comparison[]
  readonly importRefusals: readonly ImportRefusal[]
  /** Why it cannot be signed. */
  readonly refusal: Failure | undefined
}

/** Returns an app's request as it would be signed now.
 *
 * @param terms what the owner has set; what the app asks for if left out. */
export async function reviewRequest(
  connection: Connection,
  book: NameBook,
  account: AccountFacts,
  request: SessionRequest,
  terms?: Terms,
): Promise<Review> {
  const asker = typeof request['app'] === 'string' ? request['app'] : undefined
  const start = { ...EMPTY, asker, request }
  try {
    const settled = terms ?? termsOf(request)
    try {
      const grant = await grantOf(connection, account, request, settled)
      return { ...start, terms: settled, ...(await judge(connection, book, grant)) }
    } catch (error) {
      return { ...start, terms: settled, refusal: failureOf(error) }
    }
  } catch (error) {
    return { ...start, refusal: failureOf(error) }
  }
}

/** Returns what an ERC-7715 request comes to. */
export async function reviewPermissions(
  connection: Connection,
  book: NameBook,
  account: AccountFacts,
  json: unknown,
  terms: Terms,
): Promise<Review> {
  try {
    const { fromPermissionRequest } = await import('smart-session/from')
    const { client, chain, module } = connection
    const { validAfter, validUntil } = await readWindow(client, { seconds: terms.seconds })
    const { parseEther } = await import('viem')
    const { session, comparisons, refusals } = fromPermissionRequest(json as never, {
      account: account.address,
      chainId: BigInt(chain.id),
      epoch: account.epoch,
      module,
      feeLimit: parseEther(terms.feeLimit.replace(/\s*ETH$/i, '')),
      salt: BigInt(slice(randomSalt(), 0, 8)),
      validAfter,
      validUntil,
      maxCalls: terms.maxCalls,
    })
    const found = { ...EMPTY, asker: undefined, asked: json, comparisons }
    if (refusals !== undefined) return { ...found, importRefusals: refusals }
    const grant = { module, session, ...ownersPart(account) }
    const judged = await judge(connection, book, grant)
    // Tried before anything is signed: what no response can say is not granted for nothing.
    const untold = await answerOf(json, grant).then(() => undefined, failureOf)
    return { ...found, ...judged, refusal: judged.refusal ?? untold }
  } catch (error) {
    return { ...EMPTY, refusal: failureOf(error) }
  }
}

/** Returns a session that is complete, from a file or a text, as it would be signed. */
export async function reviewGrant(
  connection: Connection,
  book: NameBook,
  account: AccountFacts,
  { module, session }: Grant,
): Promise<Review> {
  const grant = { module, session, ...ownersPart(account) }
  return { ...EMPTY, ...(await judge(connection, book, grant)) }
}

const EMPTY: Review = {
  asker: undefined,
  asked: undefined,
  terms: undefined,
  request: undefined,
  grant: undefined,
  names: {},
  warnings: [],
  comparisons: [],
  importRefusals: [],
  refusal: undefined,
}

/** What the chain and the rules say of a session. Tokens and functions are called as the chain and the
 * book call them: by decimals of its own, who asks could have an amount read as another one. */
async function judge(
  { client, module }: Connection,
  book: NameBook,
  grant: Grant,
): Promise<Pick<Review, 'grant' | 'names' | 'warnings' | 'refusal'>> {
  const { session } = grant
  const [facts] = await Promise.all([
    readFacts(client, module, session),
    book.readTokens(client, [session]),
  ])
  const judged = { grant, names: book.of(session), warnings: sessionWarnings(session, facts) }
  try {
    checkSession(session, module, facts)
    return { ...judged, refusal: undefined }
  } catch (error) {
    return { ...judged, refusal: failureOf(error) }
  }
}

/** Has the owner sign what was shown, and returns it with the signature. The epoch is asked for
 * once more: a session of another epoch is void, or comes alive with the next revocation.
 *
 * @throws SessionRefused if the account has moved its epoch, or does not take the signature. */
export async function signReviewed(
  connection: Connection,
  { address }: AccountFacts,
  owner: Owner,
  shown: Grant,
): Promise<{ grant: Grant; text: string }> {
  await checkChain(connection)
  const account = await readAccount(connection, address)
  const here = shown.session.chains.find(({ chainId }) => chainId === BigInt(connection.chain.id))
  if (here?.epoch !== account.epoch) {
    throw new SessionRefused(
      'WrongEpoch',
      `the session ${sessionId(shown.session)} is not of the account's epoch ${account.epoch}`,
      'ask for it again: it is made anew for this epoch',
    )
  }
  const typedData = sessionTypedData(connection.module, shown.session) as TypedDataDefinition
  const ownerSignature = await signAsOwner(connection, account, owner, typedData)
  const grant = { ...shown, ownerSignature }
  return { grant, text: grantToText(grant) }
}
