import {
  type Hex,
  type TypedDataDefinition,
  concat,
  encodeAbiParameters,
  getTypesForEIP712Domain,
  hashDomain,
  hashStruct,
  hashTypedData,
  keccak256,
  stringToHex,
  validateTypedData,
} from 'viem'
import { SessionRefused } from '../errors/sessionRefused.js'
import type { Message } from './message.js'
import { messageHash } from './messageHash.js'

/** The fields of EIP-712 structs, by their names. */
type Types = Record<string, readonly { name: string; type: string }[]>

/** Takes an app's typed data apart.
 *
 * @param typedData as `signTypedData` takes it; its domain's type may be left out.
 * @throws {@link SessionRefused} if it is no typed data that viem would sign. */
export function readMessage(typedData: TypedDataDefinition): Message {
  try {
    return read(typedData)
  } catch (cause) {
    if (cause instanceof SessionRefused) throw cause
    const why = cause instanceof Error ? (cause.message.split('\n')[0] ?? '') : String(cause)
    return malformed(`the typed data cannot be hashed (${why})`, { cause })
  }
}

function read(typedData: TypedDataDefinition): Message {
  const { primaryType, message } = typedData as TypedDataDefinition & {
    message: Record<string, unknown>
  }
  const domain = (typedData.domain ?? {}) as Record<string, unknown>
  const given = typedData.types as Types
  const types: Types = { EIP712Domain: getTypesForEIP712Domain({ domain }), ...given }
  const whole = { domain, types, primaryType, message } as never
  validateTypedData(whole)
  const read = {
    domainSeparator: hashDomain({ domain: domain as never, types: types as never }),
    typeHash: keccak256(stringToHex(encodeType(primaryType, types))),
    words: fieldsOf(primaryType, types).map(({ name, type }) => word(type, message[name], types)),
  }
  // What is signed is what viem hashes, to the byte, or nothing.
  if (messageHash(read) !== hashTypedData(whole)) return malformed('viem hashes it differently')
  return read
}

function fieldsOf(struct: string, types: Types): Types[string] {
  const fields = Object.hasOwn(types, struct) ? types[struct] : undefined
  return fields ?? malformed(`the typed data has no type ${struct}`)
}

function malformed(reason: string, options?: ErrorOptions): never {
  const remedy = 'give typed data as signTypedData takes it, with every type that the message uses'
  throw new SessionRefused('MalformedMessage', reason, remedy, options)
}

/** The type, then those it refers to, in the order of their names (EIP-712). */
function encodeType(struct: string, types: Types): string {
  const others = new Set<string>()
  const visit = (name: string) => {
    for (const { type } of fieldsOf(name, types)) {
      const used = type.replace(/\[.*$/, '')
      if (!Object.hasOwn(types, used) || used === struct || others.has(used)) continue
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
  if (Object.hasOwn(types, type)) {
    return hashStruct({ types: types as never, primaryType: type as never, data: value as never })
  }
  if (type === 'string') return keccak256(stringToHex(value as string))
  if (type === 'bytes') return keccak256(value as Hex)
  return encodeAbiParameters([{ type }], [value])
}
