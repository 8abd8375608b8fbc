import {
  type Hex,
  type TypedDataDefinition,
  concat,
  encodeAbiParameters,
  hashDomain,
  hashStruct,
  keccak256,
  stringToHex,
} from 'viem'
import { SessionRefused } from '../errors/sessionRefused.js'
import type { Message } from './message.js'

/** The fields of EIP-712 structs, by their names. */
type Types = Record<string, readonly { name: string; type: string }[]>

/** Takes an app's typed data apart.
 *
 * @param typedData as `signTypedData` takes it; its domain's type may be left out.
 * @throws {@link SessionRefused} if a type is not there. */
export function readMessage(typedData: TypedDataDefinition): Message {
  const {
    domain = {},
    primaryType,
    message,
  } = typedData as TypedDataDefinition & {
    domain?: Record<string, unknown>
    message: Record<string, unknown>
  }
  const given = typedData.types as Types
  const types: Types = { ...given, EIP712Domain: given['EIP712Domain'] ?? domainType(domain) }
  return {
    domainSeparator: hashDomain({ domain: domain as never, types: types as never }),
    typeHash: keccak256(stringToHex(encodeType(primaryType, types))),
    words: fieldsOf(primaryType, types).map(({ name, type }) => word(type, message[name], types)),
  }
}

/** The fields that a domain can have, in their order (EIP-712). */
const DOMAIN_FIELDS = [
  { name: 'name', type: 'string' },
  { name: 'version', type: 'string' },
  { name: 'chainId', type: 'uint256' },
  { name: 'verifyingContract', type: 'address' },
  { name: 'salt', type: 'bytes32' },
] as const

function domainType(domain: Record<string, unknown>): Types[string] {
  return DOMAIN_FIELDS.filter(({ name }) => domain[name] !== undefined)
}

function fieldsOf(struct: string, types: Types): Types[string] {
  const fields = types[struct]
  if (fields !== undefined) return fields
  throw new SessionRefused(
    'MalformedMessage',
    `the typed data has no type ${struct}`,
    'declare every type that the message uses',
  )
}

/** The type, then those it refers to, in the order of their names (EIP-712). */
function encodeType(struct: string, types: Types): string {
  const others = new Set<string>()
  const visit = (name: string) => {
    for (const { type } of fieldsOf(name, types)) {
      const used = type.replace(/\[.*$/, '')
      if (types[used] === undefined || used === struct || others.has(used)) continue
      others.add(used)
      visit(used)
    }
  }
  visit(struct)
  const text = (name: string) =>
    `${name}(${fieldsOf(name, types)
      .map((field) => `${field.type} ${field.name}`)
      .join(',')})`
  return [struct, ...[...others].sort()].map(text).join('')
}

/** A value as one word: structs, texts, bytes and arrays by their hash (EIP-712). */
function word(type: string, value: unknown, types: Types): Hex {
  const element = /^(.*)\[\d*\]$/.exec(type)?.[1]
  if (element !== undefined) {
    return keccak256(concat((value as unknown[]).map((item) => word(element, item, types))))
  }
  if (types[type] !== undefined) {
    return hashStruct({ types: types as never, primaryType: type as never, data: value as never })
  }
  if (type === 'string') return keccak256(stringToHex(value as string))
  if (type === 'bytes') return keccak256(value as Hex)
  return encodeAbiParameters([{ type }], [value])
}
