import { type Hash, type Hex, concat } from 'viem'
import { randomSalt } from '../session/randomSalt.js'

const TYPES = { validator: '0x01', executor: '0x02', both: '0x03' } as const

/** Returns the data with which an account uninstalls the module: the type, and the salt of the next
 * epoch. Uninstalling the validator voids all sessions of the account.
 *
 * @param as what it is uninstalled as with this data: each type is a call of its own on most
 * accounts.
 * @param salt 32 random bytes, made for this one call; {@link randomSalt} gives them. */
export function uninstallData(
  as: 'validator' | 'executor' | 'both',
  salt: Hash = randomSalt(),
): Hex {
  return concat([TYPES[as], salt])
}
