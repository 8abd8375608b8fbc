import { ownBundler } from 'smart-session'
import { nonceKey } from 'smart-session/format'
import { type Address, type Hex, concat, pad } from 'viem'
import { sendUserOperation } from 'viem/account-abstraction'
import type { AccountFacts } from '../place/account.ts'
import { type Connection, checkChain } from '../place/connection.ts'
import { modularAccount } from './modularAccount.ts'
import { type Owner, signingOf } from './owner.ts'

/** As long as an ECDSA signature, and of a form that validators can read. */
const STUB = concat([pad('0x01'), pad('0x01'), '0x1b'])

/** Lets the account itself make calls: its owner signs the operation as a message, and the owner's
 * wallet brings it to the EntryPoint, without a bundler.
 *
 * @returns the operation's hash, once it was brought. */
export async function sendAsAccount(
  connection: Connection,
  account: AccountFacts,
  owner: Owner,
  calls: readonly { to: Address; data: Hex }[],
): Promise<Hex> {
  await checkChain(connection)
  const { kind, validator } = signingOf(account)
  const made = await modularAccount(connection.client, account.address, {
    nonceKey: nonceKey(kind, validator),
    sign: (hash) => owner.client.signMessage({ message: { raw: hash } }),
    stub: STUB,
  })
  const bundler = ownBundler({ wallet: owner.client })
  return sendUserOperation(bundler, { account: made, calls: [...calls] } as never)
}
