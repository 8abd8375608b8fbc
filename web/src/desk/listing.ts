import {
  type Grant,
  type Remaining,
  type SessionStanding,
  readSession,
  remaining,
  sessionId,
  sessionStatus,
} from 'smart-session'
import {
  type Names,
  type Warning,
  listSessions,
  readFacts,
  sessionWarnings,
} from 'smart-session/owner'
import { sessionDigest } from 'smart-session/format'
import type { Hash } from 'viem'
import { getBlock } from 'viem/actions'
import { type AccountFacts, ownersPart } from '../place/account.ts'
import { takesSignature } from '../wallet/owner.ts'
import type { Connection } from '../place/connection.ts'
import { type LastUse, readLastUses } from './lastUse.ts'
import type { NameBook } from './names.ts'

/** A session as the desk shows it. */
export type Listed = {
  readonly id: Hash
  readonly grant: Grant
  readonly names: Names
  readonly standing: SessionStanding
  readonly left: Remaining
  readonly warnings: readonly Warning[]
  /** When it was enabled, by its event; `undefined` if it is known from a file or text. */
  readonly enabledAt: number | undefined
  readonly lastUse: LastUse | undefined
  /** Whether the signature that came with it is not the owner's. */
  readonly isForged: boolean
  /** How many signed orders have run. */
  readonly orders: number
}

/** An account's sessions, and how far back the chain was asked for them. */
export type SessionListing = {
  readonly sessions: readonly Listed[]
  /** Ids of sessions of a format that is not known here, as far as no event has revoked them. */
  readonly unreadable: readonly Hash[]
  /** The first block that was looked through: of older ones nothing is known. */
  readonly fromBlock: bigint
}

/** Whether a session can act, now or later. */
export const isOpen = (standing: SessionStanding): boolean =>
  ['live', 'not yet', 'not enabled'].includes(standing)

/** Whether the owner has signed a session, by what the account itself says. */
export async function isSignedByOwner(
  { client, module }: Connection,
  account: AccountFacts,
  { session, ownerSignature }: Grant,
): Promise<boolean> {
  if (ownerSignature === undefined) return false
  return takesSignature(client, account, sessionDigest(module, session), ownerSignature)
}

/** Lists an account's sessions, the newest first: those that events tell of, and those that the user
 * has brought.
 *
 * @param brought sessions from files and texts: of another account or module they are not listed. */
export async function readListing(
  connection: Connection,
  account: AccountFacts,
  brought: readonly Grant[],
  book: NameBook,
): Promise<SessionListing> {
  const { client, module } = connection
  const terms = { account: account.address }
  const { sessions: enabled, fromBlock } = await listSessions(client, module, terms)
  const uses = await readLastUses(connection, account)
  const byId = new Map<Hash, { grant: Grant; blockNumber?: bigint }>()
  for (const { id, session, blockNumber } of enabled) {
    if (session !== undefined) byId.set(id, { grant: { module, session }, blockNumber })
  }
  for (const grant of brought) {
    const id = sessionId(grant.session)
    byId.set(id, { ...byId.get(id), grant })
  }
  const all = [...byId.values()].map(({ grant }) => grant.session)
  await book.readTokens(client, all)
  const listed = await Promise.all(
    [...byId].map(async ([id, { grant, blockNumber }]): Promise<Listed> => {
      const { session } = grant
      const isWaiting = blockNumber === undefined && grant.ownerSignature !== undefined
      const [isSigned, standing, left, facts, { orderNonce }, block] = await Promise.all([
        isWaiting && isSignedByOwner(connection, account, grant),
        sessionStatus(client, module, session),
        remaining(client, module, session),
        readFacts(client, module, session),
        readSession(client, module, session),
        blockNumber === undefined ? undefined : getBlock(client, { blockNumber }),
      ])
      return {
        id,
        // Only what was checked: a file may say anything of who has signed.
        grant: {
          module,
          session,
          ...ownersPart(account),
          ...(isSigned && grant.ownerSignature && { ownerSignature: grant.ownerSignature }),
        },
        isForged: isWaiting && !isSigned,
        names: book.of(session),
        standing,
        left,
        warnings: sessionWarnings(session, facts),
        enabledAt: block && Number(block.timestamp),
        orders: orderNonce,
        lastUse: uses.find((use) => use.isOf(session)),
      }
    }),
  )
  const rank = ({ standing }: Listed) => (isOpen(standing) ? 0 : 1)
  const sessions = listed.sort(
    (a, b) => rank(a) - rank(b) || b.grant.session.validAfter - a.grant.session.validAfter,
  )
  const unreadable = enabled.filter((one) => one.session === undefined && !one.isRevoked)
  return { sessions, unreadable: unreadable.map(({ id }) => id), fromBlock }
}
