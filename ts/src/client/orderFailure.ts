import { type Address, type Client, parseAbi } from 'viem'
import { readContract } from 'viem/actions'
import { explainFailure } from '../errors/explainFailure.js'
import { SessionRefused } from '../errors/sessionRefused.js'

const ACCOUNT = parseAbi([
  'function isModuleInstalled(uint256 moduleTypeId, address module, bytes additionalContext) view returns (bool)',
])
const EXECUTOR = 2n

/** Returns why an account's call of an order fails, as things stand. */
export async function orderFailure(
  client: Client,
  module: Address,
  account: Address,
  cause: unknown,
): Promise<SessionRefused> {
  const isInstalled = await readContract(client, {
    address: account,
    abi: ACCOUNT,
    functionName: 'isModuleInstalled',
    args: [EXECUTOR, module, '0x'],
  }).catch(() => true)
  if (!isInstalled) {
    return new SessionRefused(
      'NotInstalled',
      `${module} is not installed on ${account} as an executor`,
      'let the owner install it as one (type 2), or act by operations',
      { cause },
    )
  }
  const why = explainFailure(cause) ?? (cause instanceof Error ? cause.message : String(cause))
  return new SessionRefused(
    'Rejected',
    `the account's calls fail as things stand (${why.split('\n')[0]})`,
    'change them, or give gas if an order before this one makes them pass',
    { cause },
  )
}
