import {
  type Address,
  type Hex,
  concat,
  encodeAbiParameters,
  parseAbiParameters,
  zeroAddress,
} from 'viem'
import type { AccountKind } from '../accountKind.js'

/** Returns install data as an account of that kind takes it in `installModule`.
 *
 * Kernel wants a hook before it, and to be told that the validator may be used for `execute`. Its
 * hook belongs to one installation: what the validator's hook forbids, an executor without it
 * does.
 *
 * @param as what `installModule` is told: each type is a call of its own on these accounts.
 * @param hook Kernel's hook of this installation, which is installed already: for an executor
 *   {@link readHook} of the validator. None if left out. */
export function installContext(
  kind: AccountKind,
  data: Hex,
  as: 'validator' | 'executor' = 'validator',
  hook?: Address,
): Hex {
  if (kind !== 'kernel') return data
  const first = hook ?? zeroAddress
  // A byte for Kernel itself: the hook is not to be installed anew.
  const hookData = hook === undefined ? '0x' : '0x00'
  if (as === 'executor') {
    const parts = parseAbiParameters('bytes executorData, bytes hookData')
    return concat([first, encodeAbiParameters(parts, [data, hookData])])
  }
  const execute = '0xe9ae5c53'
  const parts = parseAbiParameters('bytes validatorData, bytes hookData, bytes selectorData')
  return concat([first, encodeAbiParameters(parts, [data, hookData, execute])])
}
