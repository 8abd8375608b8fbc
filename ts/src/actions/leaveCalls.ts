import { type Address, type Client, type Hex, encodeFunctionData, parseAbi } from 'viem'
import { installingAbi } from '../abi/installing.js'
import type { AccountKind } from '../accountKind.js'
import { MODULE_TYPE, isModuleInstalled } from '../accounts/isModuleInstalled.js'
import { uninstallContext } from '../accounts/uninstallContext.js'
import { uninstallData } from '../accounts/uninstallData.js'
import { SessionRefused } from '../errors/sessionRefused.js'
import { type ModuleCall, moduleCall } from './moduleCall.js'
import { readPredecessor } from './readPredecessor.js'
import { revokeAllCall } from './revokeAllCall.js'

const ACCOUNT = parseAbi([
  'function uninstallModule(uint256 moduleTypeId, address module, bytes deInitData)',
])

/** Returns the calls by which an account leaves the module for good: it ends all sessions, tells the
 * module so itself, then uninstalls what is installed. Send them in one batch, as the owner.
 *
 * Nexus, Kernel and Safe7579 swallow what goes wrong in a module's `onUninstall`, and a bundler that
 * looks for the least gas that passes finds so little that it runs out there. The account's own call
 * of `onUninstall` is not swallowed. A program that has lapsed must be activated first.
 *
 * @throws {@link SessionRefused} if the module is not installed on the account. */
export async function leaveCalls(
  client: Client,
  module: Address,
  account: Address,
  kind: AccountKind,
): Promise<ModuleCall[]> {
  const told = moduleCall(module, installingAbi, 'onUninstall', [uninstallData('both')])
  const calls = [revokeAllCall(module), told]
  for (const as of ['executor', 'validator'] as const) {
    if (!(await isModuleInstalled(client, account, module, as))) continue
    const predecessor = await readPredecessor(client, kind, account, module, as)
    const context: Hex = uninstallContext(kind, uninstallData(as), predecessor)
    const args = [MODULE_TYPE[as], module, context] as const
    const data = encodeFunctionData({ abi: ACCOUNT, functionName: 'uninstallModule', args })
    calls.push({ to: account, data })
  }
  if (calls.length > 2) return calls
  const reason = `${module} is not installed on ${account}`
  throw new SessionRefused('NotInstalled', reason, 'name the module that is installed there')
}
