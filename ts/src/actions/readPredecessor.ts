import { type Address, type Client, isAddressEqual, parseAbi } from 'viem'
import { readContract } from 'viem/actions'
import type { AccountKind } from '../accountKind.js'
import { FIRST_PREDECESSOR } from '../accounts/uninstallContext.js'
import { SessionRefused } from '../errors/sessionRefused.js'

const LISTS = parseAbi([
  'function getValidatorsPaginated(address cursor, uint256 size) view returns (address[] modules, address next)',
  'function getValidatorPaginated(address cursor, uint256 size) view returns (address[] modules, address next)',
  'function getExecutorsPaginated(address cursor, uint256 size) view returns (address[] modules, address next)',
])
/** Modules of one page, and pages that are looked at. */
const PAGE = 32n
const MOST_PAGES = 8

/** Asks an account which module stands before another one in its list, for {@link uninstallContext}.
 * Kernel and OpenZeppelin's account have no such list.
 *
 * @throws {@link SessionRefused} if the module is not in the list. */
export async function readPredecessor(
  client: Client,
  kind: AccountKind,
  account: Address,
  module: Address,
  as: 'validator' | 'executor',
): Promise<Address> {
  if (kind === 'openzeppelin' || kind === 'kernel') return FIRST_PREDECESSOR
  let before = FIRST_PREDECESSOR
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const [modules] = await readContract(client, {
      address: account,
      abi: LISTS,
      functionName: functionOf(kind, as),
      args: [before, PAGE],
    })
    for (const listed of modules) {
      if (isAddressEqual(listed, module)) return before
      before = listed
    }
    if (modules.length < PAGE) break
  }
  const reason = `${module} is no ${as} of ${account}`
  throw new SessionRefused('NotInstalled', reason, 'name the module that is installed there')
}

function functionOf(kind: AccountKind, as: 'validator' | 'executor') {
  if (as === 'executor') return 'getExecutorsPaginated'
  return kind === 'msa' ? 'getValidatorPaginated' : 'getValidatorsPaginated'
}
