import { type Address, type Client, type Hex, concat, numberToHex, parseAbi } from 'viem'
import { readContract } from 'viem/actions'
import { SessionRefused } from './refusal.js'

/** The ERC-7579 accounts that this package knows: what they call themselves, and how a nonce or a
 * signature selects one of their validators. */
export type AccountKind = 'openzeppelin' | 'msa' | 'safe7579' | 'nexus' | 'kernel'

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

/** Bytes of a nonce key that are free for lanes. */
const LANE_BYTES: Record<AccountKind, number> = {
  openzeppelin: 4,
  msa: 4,
  safe7579: 4,
  nexus: 3,
  kernel: 2,
}

/** Returns the nonce key (192 bits, ERC-4337) with which an account asks `validator`.
 *
 * | account | key |
 * |---|---|
 * | OpenZeppelin, MSA, Safe7579 | validator ‖ lane (4 bytes) |
 * | Nexus | lane (3 bytes) ‖ mode 00 ‖ validator |
 * | Kernel 3.1 | mode 00 ‖ type 01 ‖ validator ‖ lane (2 bytes) |
 *
 * @param lane operations in different lanes do not wait for each other; 0 for one lane.
 * @throws {@link SessionRefused} if the lane does not fit. */
export function nonceKey(kind: AccountKind, validator: Address, lane = 0): bigint {
  const bytes = LANE_BYTES[kind]
  if (!Number.isInteger(lane) || lane < 0 || lane >= 2 ** (8 * bytes)) {
    throw new SessionRefused(
      'LaneTooWide',
      `lane ${lane} does not fit into a nonce of kind ${kind}`,
      `take one from 0 to ${2 ** (8 * bytes) - 1}`,
    )
  }
  const free = numberToHex(lane, { size: bytes })
  return BigInt(concat(nonceParts(kind, validator, free)))
}

function nonceParts(kind: AccountKind, validator: Address, lane: Hex): Hex[] {
  switch (kind) {
    case 'openzeppelin':
    case 'msa':
    case 'safe7579':
      return [validator, lane]
    case 'nexus':
      return [lane, '0x00', validator]
    case 'kernel':
      return ['0x00', '0x01', validator, lane]
  }
}

/** Returns the enable route of an account: how an owner's signature begins that `validator` is to
 * check. Set at install, so that no weaker validator of the account can enable sessions. */
export function enableRoute(kind: AccountKind, validator: Address): Hex {
  return kind === 'kernel' ? concat(['0x01', validator]) : validator
}

/** Returns an ERC-1271 signature with which an account of that kind asks `validator`. */
export function accountSignature(kind: AccountKind, validator: Address, signature: Hex): Hex {
  return concat([enableRoute(kind, validator), signature])
}
