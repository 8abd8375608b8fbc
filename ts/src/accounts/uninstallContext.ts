import { type Address, type Hex, encodeAbiParameters, parseAbiParameters } from 'viem'
import type { AccountKind } from '../accountKind.js'

/** Where an account begins its lists of modules: what the module that was installed last follows. */
export const FIRST_PREDECESSOR: Address = '0x0000000000000000000000000000000000000001'

/** Returns uninstall data as an account of that kind takes it in `uninstallModule`.
 *
 * Nexus, Safe7579 and MSA keep their modules in linked lists, and want to know
 * which one stands before it.
 *
 * @param predecessor of {@link readPredecessor}; that of the module that was installed last if left
 * out. */
export function uninstallContext(
  kind: AccountKind,
  data: Hex,
  predecessor: Address = FIRST_PREDECESSOR,
): Hex {
  switch (kind) {
    case 'openzeppelin':
    case 'kernel':
      return data
    case 'nexus':
    case 'safe7579':
    case 'msa': {
      const parts = parseAbiParameters('address predecessor, bytes data')
      return encodeAbiParameters(parts, [predecessor, data])
    }
  }
}
