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
import type { Hash } from 'viem'
import { getBlock } from 'viem/actions'
import type { AccountFacts } from '../place/account.ts'
import { type Connection, oldestBlock } from '../place/connection.ts'
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
  /** How many signed orders have run. */
  readonly orders: number
}

/** Whether a session can act, now or later. */
export const isOpen = (standing: SessionStanding): boolean =>
  ['live', 'not yet', 'not enabled'].includes(standing)

/** Lists an account's sessions, the newest first: those that events tell of, and those that the user
 * has brought.
 *
 * @param brought sessions from files and texts: of another account or module they are not listed. */
export async function readListing(
  connection: Connection,
  account: AccountFacts,
  brought: readonly { grant: Grant; names: Names }[],
  book: NameBook,
): Promise<Listed[]> {
  const { client, module } = connection
  const fromBlock = await oldestBlock(client)
  const enabled = await listSessions(client, module, { account: account.address, fromBlock })
  const uses = await readLastUses(connection, account)
  const byId = new Map<Hash, { grant: Grant; blockNumber?: bigint }>()
  for (const { id, session, blockNumber } of enabled) {
    byId.set(id, { grant: { module, session }, blockNumber })
  }
  for (const { grant } of brought) {
    const id = sessionId(grant.session)
    byId.set(id, { ...byId.get(id), grant })
  }
  const all = [...byId.values()].map(({ grant }) => grant.session)
  await book.readTokens(client, all)
  const listed = await Promise.all(
    [...byId].map(async ([id, { grant, blockNumber }]): Promise<Listed> => {
      const { session } = grant
      const [standing, left, facts, { orderNonce }, block] = await Promise.all([
        sessionStatus(client, module, session),
        remaining(client, module, session),
        readFacts(client, module, session),
        readSession(client, module, session),
        blockNumber === undefined ? undefined : getBlock(client, { blockNumber }),
      ])
      return {
        id,
        grant: { ...(account.kind && { accountKind: account.kind }), ...grant },
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
  return listed.sort(
    (a, b) => rank(a) - rank(b) || b.grant.session.validAfter - a.grant.session.validAfter,
  )
}
