import {
  type Address,
  type Hex,
  concat,
  hashStruct,
  isAddressEqual,
  keccak256,
  numberToHex,
  size,
} from 'viem'
import { representable } from './checkRepresentable.js'
import { type Disclosure, MAY_HIDE, WHOLE, checkDisclosure } from './disclosure.js'
import { type Session, ANY_PAYMASTER, NO_PAYMASTER } from './session.js'
import {
  type Field,
  type Struct,
  SESSION_TYPES,
  elementOf,
  fieldsOf,
} from './sessionTypes.js'

/** Returns the packed session: the one canonical form for what is disclosed.
 *
 * The account is not in it: the account that presents a session is the one it is for.
 *
 * @throws {@link SessionRefused} if a field does not fit, or something is to be disclosed that the
 * session does not have. */
export function packSession(of: Session, disclosure: Disclosure = WHOLE): Hex {
  const session = representable(of)
  checkDisclosure(session, disclosure)
  return packStruct('Session', session, disclosure)
}

function packStruct(struct: Struct, values: object, disclosure: Disclosure): Hex {
  return concat(
    fieldsOf(struct).map((field) => packField(field, values[field.name as never], disclosure)),
  )
}

function packField({ name, type }: Field, value: never, disclosure: Disclosure): Hex {
  if (name === 'account') return '0x'
  if (name === 'paymaster') return paymaster(value)
  const element = elementOf(type)
  if (element !== undefined) return list(name, element, value, disclosure)
  // Hex has one form here, so that equal sessions have equal packed text.
  if (!type.startsWith('uint')) return (value as Hex).toLowerCase() as Hex
  if (type === 'uint48') return numberToHex(value, { size: 6 })
  return type === 'uint8' ? byte(value) : number(value)
}

function paymaster(address: Address): Hex {
  if (isAddressEqual(address, NO_PAYMASTER)) return '0x00'
  if (isAddressEqual(address, ANY_PAYMASTER)) return '0xff'
  return concat(['0x01', address.toLowerCase() as Hex])
}

/** A list; where its entries may be hidden, each with a tag, in full or as its hash, or the whole list
 * as its array hash. */
function list(name: string, struct: Struct, items: object[], disclosure: Disclosure): Hex {
  const count = byte(items.length)
  const full = (item: object) => packStruct(struct, item, disclosure)
  if (!MAY_HIDE.includes(name)) return concat([count, ...items.map(full)])
  const hash = (data: object) =>
    hashStruct({ types: SESSION_TYPES, primaryType: struct, data: data as never })
  const shown = name === 'chains' ? undefined : disclosure[name as 'permissions' | 'signing']
  if (shown?.length === 0 && items.length > 0) {
    return concat(['0xff', keccak256(concat(items.map(hash)))])
  }
  const isShown = (item: object, i: number) =>
    name === 'chains' ? isOf(item as never, disclosure) : (shown?.includes(i) ?? true)
  const entries = items.map((item, i) =>
    concat(isShown(item, i) ? ['0x01', full(item)] : ['0x00', hash(item)]),
  )
  return concat([count, ...entries])
}

function isOf(chain: Session['chains'][number], { chainId }: Disclosure): boolean {
  return chainId === undefined || chain.chainId === BigInt(chainId)
}

/** A number: its length in bytes, then the bytes, big-endian, without leading zeros. */
function number(value: number | bigint): Hex {
  if (BigInt(value) === 0n) return '0x00'
  const digits = BigInt(value).toString(16)
  const bytes: Hex = `0x${digits.length % 2 === 0 ? '' : '0'}${digits}`
  return concat([byte(size(bytes)), bytes])
}

function byte(value: number): Hex {
  return numberToHex(value, { size: 1 })
}
