import { type Hex, concat, encodeAbiParameters, parseAbiParameters } from 'viem'
import type { AccountKind } from './accountKind.js'

/** Returns install data as an account of that kind takes it in `installModule`.
 *
 * Kernel wants a hook (none) before it, and to be told that the validator may be used for
 * `execute`.
 *
 * @param as what `installModule` is told: each type is a call of its own on these accounts. */
export function installContext(
  kind: AccountKind,
  data: Hex,
  as: 'validator' | 'executor' = 'validator',
): Hex {
  if (kind !== 'kernel') return data
  const noHook: Hex = `0x${'00'.repeat(20)}`
  if (as === 'executor') {
    const parts = parseAbiParameters('bytes executorData, bytes hookData')
    return concat([noHook, encodeAbiParameters(parts, [data, '0x'])])
  }
  const execute = '0xe9ae5c53'
  const parts = parseAbiParameters('bytes validatorData, bytes hookData, bytes selectorData')
  return concat([noHook, encodeAbiParameters(parts, [data, '0x', execute])])
}
