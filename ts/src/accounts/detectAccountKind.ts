import { type Address, type Client, parseAbi } from 'viem'
import { readContract } from 'viem/actions'
import { SessionRefused } from '../errors/sessionRefused.js'
import type { AccountKind } from '../accountKind.js'

/** How `accountId()` begins (ERC-7579). */
const ACCOUNT_IDS: Record<AccountKind, string> = {
  openzeppelin: '@openzeppelin/contracts.AccountERC7579',
  msa: 'uMSA.',
  safe7579: 'rhinestone.safe7579.',
  nexus: 'biconomy.nexus.',
  kernel: 'kernel.',
}

/** Asks a deployed account what it is.
 *
 * @throws {@link SessionRefused} if it is not deployed, or unknown here. */
export async function detectAccountKind(client: Client, account: Address): Promise<AccountKind> {
  const abi = parseAbi(['function accountId() view returns (string)'])
  const remedy = 'deploy it first, or give the kind of an account that works like it'
  let id: string
  try {
    id = await readContract(client, { address: account, abi, functionName: 'accountId' })
  } catch (cause) {
    const reason = `${account} does not say what kind of account it is`
    throw new SessionRefused('UnknownAccountKind', reason, remedy, { cause })
  }
  for (const [kind, start] of Object.entries(ACCOUNT_IDS)) {
    if (id.startsWith(start)) return kind as AccountKind
  }
  throw new SessionRefused('UnknownAccountKind', `${account} is ${id}, unknown here`, remedy)
}
