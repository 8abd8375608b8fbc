import { SessionRefused } from 'smart-session'
import {
  leaveCalls,
  randomSalt,
  relayRevokeAllCall,
  relayRevokeCall,
  revokeAllTypedData,
  revokeTypedData,
} from 'smart-session/owner'
import type { Hash, TypedDataDefinition } from 'viem'
import { type AccountFacts, readAccount } from '../place/account.ts'
import { type Connection, checkChain } from '../place/connection.ts'
import { type Owner, sendByWallet, signAsOwner, signingOf } from '../wallet/owner.ts'

/** Ends one session for good: the owner signs that it is revoked, and the wallet brings it to the
 * module. */
export async function revokeOne(
  connection: Connection,
  account: AccountFacts,
  owner: Owner,
  id: Hash,
): Promise<void> {
  await checkChain(connection)
  const { module } = connection
  const typedData = revokeTypedData(module, account.address, id) as TypedDataDefinition
  const signature = await signAsOwner(connection, account, owner, typedData)
  await sendByWallet(connection, owner, relayRevokeCall(module, account.address, id, signature))
}

/** Ends all sessions of the account on this chain, those never enabled included. The salt is made
 * for this one revocation, and the epoch is the chain's at this moment. */
export async function revokeAll(
  connection: Connection,
  { address }: AccountFacts,
  owner: Owner,
): Promise<void> {
  await checkChain(connection)
  const { module, chain } = connection
  const account = await readAccount(connection, address)
  const salt = randomSalt()
  const here = { chainId: BigInt(chain.id), epoch: account.epoch }
  const typedData = revokeAllTypedData(module, address, here, salt) as TypedDataDefinition
  const signature = await signAsOwner(connection, account, owner, typedData)
  await sendByWallet(connection, owner, relayRevokeAllCall(module, address, salt, signature))
}

/** Milliseconds for which the account is looked at after it was told to leave, and between looks. */
const LONGEST_WAIT = 60_000
const LOOK_AGAIN = 250

/** Ends all sessions and uninstalls the module, by one operation of the account itself. */
export async function leave(
  connection: Connection,
  account: AccountFacts,
  owner: Owner,
): Promise<void> {
  const { kind } = signingOf(account)
  const calls = await leaveCalls(connection.client, connection.module, account.address, kind)
  // What operations take is loaded when one is made.
  const { sendAsAccount } = await import('../wallet/ownerOperation.ts')
  await sendAsAccount(connection, account, owner, calls)
  const deadline = Date.now() + LONGEST_WAIT
  do {
    const now = await readAccount(connection, account.address)
    if (!now.isValidator && !now.isExecutor) return
    await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN))
  } while (Date.now() < deadline)
  throw new SessionRefused(
    'NotLanded',
    'the operation was sent, and the module is still installed',
    'look again in a while; if it stays, the operation has failed',
  )
}
