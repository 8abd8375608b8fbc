import type { Address, Client } from 'viem'
import { isModuleInstalled } from '../accounts/isModuleInstalled.js'
import { explainFailure } from '../errors/explainFailure.js'
import { SessionRefused } from '../errors/sessionRefused.js'

/** Returns why an account's call of an order fails, as things stand. */
export async function orderFailure(
  client: Client,
  module: Address,
  account: Address,
  cause: unknown,
): Promise<SessionRefused> {
  const asked = isModuleInstalled(client, account, module, 'executor')
  const isInstalled = await asked.catch(() => true)
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
