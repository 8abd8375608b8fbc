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
import { type Disclosure, WHOLE, checkDisclosure } from './disclosure.js'
import {
  type ArgumentRule,
  type Permission,
  type Session,
  type SigningScope,
  ANY_PAYMASTER,
  NO_PAYMASTER,
} from './session.js'
import { SESSION_TYPES } from './sessionTypes.js'

/** Returns the packed session: the one canonical form for what is disclosed.
 *
 * The account is not in it: the account that presents a session is the one it is for.
 *
 * @throws {@link SessionRefused} if a field does not fit, or something is to be disclosed that the
 * session does not have. */
export function packSession(of: Session, disclosure: Disclosure = WHOLE): Hex {
  const session = representable(of)
  checkDisclosure(session, disclosure)
  return concat([
    chains(session, disclosure.chainId),
    lower(session.delegate),
    byte(session.delegateKind),
    time(session.validAfter),
    time(session.validUntil),
    number(session.maxCalls),
    number(session.feeLimit),
    paymaster(session.paymaster),
    grants(session.permissions, disclosure.permissions, {
      full: packPermission,
      hash: (data) => hashStruct({ types: SESSION_TYPES, primaryType: 'Permission', data }),
    }),
    byte(session.budgets.length),
    ...session.budgets.flatMap(({ token, amount, period }) => [
      lower(token),
      number(amount),
      number(period),
    ]),
    grants(session.signing, disclosure.signing, {
      full: packScope,
      hash: (data) => hashStruct({ types: SESSION_TYPES, primaryType: 'SigningScope', data }),
    }),
    number(session.salt),
  ])
}

function chains(session: Session, shown: bigint | undefined): Hex {
  const entries = session.chains.map((chain) =>
    shown === undefined || chain.chainId === BigInt(shown)
      ? concat(['0x01', number(chain.chainId), number(chain.epoch)])
      : concat(['0x00', hashStruct({ types: SESSION_TYPES, primaryType: 'Chain', data: chain })]),
  )
  return concat([byte(entries.length), ...entries])
}

function paymaster(address: Address): Hex {
  if (isAddressEqual(address, NO_PAYMASTER)) return '0x00'
  if (isAddressEqual(address, ANY_PAYMASTER)) return '0xff'
  return concat(['0x01', lower(address)])
}

/** A list whose entries may be hidden: each as its hash, or the whole list as its array hash. */
function grants<T>(
  items: readonly T[],
  shown: readonly number[] | undefined,
  entry: { full: (item: T) => Hex; hash: (item: T) => Hex },
): Hex {
  if (shown?.length === 0 && items.length > 0) {
    return concat(['0xff', keccak256(concat(items.map(entry.hash)))])
  }
  const entries = items.map((item, i) =>
    shown === undefined || shown.includes(i)
      ? concat(['0x01', entry.full(item)])
      : concat(['0x00', entry.hash(item)]),
  )
  return concat([byte(items.length), ...entries])
}

function packPermission({ target, selector, valueLimit, rules }: Permission): Hex {
  return concat([lower(target), lower(selector), number(valueLimit), packRules(rules)])
}

function packScope({ domainSeparator, typeHash, rules }: SigningScope): Hex {
  return concat([lower(domainSeparator), lower(typeHash), packRules(rules)])
}

function packRules(rules: readonly ArgumentRule[]): Hex {
  const packed = rules.map(({ index, min, max }) => concat([byte(index), number(min), number(max)]))
  return concat([byte(rules.length), ...packed])
}

/** A number: its length in bytes, then the bytes, big-endian, without leading zeros. */
function number(value: number | bigint): Hex {
  if (BigInt(value) === 0n) return '0x00'
  const digits = BigInt(value).toString(16)
  const bytes: Hex = `0x${digits.length % 2 === 0 ? '' : '0'}${digits}`
  return concat([byte(size(bytes)), bytes])
}

function time(seconds: number): Hex {
  return numberToHex(seconds, { size: 6 })
}

function byte(value: number): Hex {
  return numberToHex(value, { size: 1 })
}

/** Hex has one form here, so that equal sessions have equal packed text. */
function lower(hex: Hex): Hex {
  return hex.toLowerCase() as Hex
}
