import { type Address, type Hex, getAddress, isHex } from 'viem'
import { SessionRefused } from '../errors/sessionRefused.js'
import { readAddress } from './readAddress.js'

/** A value of JSON. */
export type Json =
  null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json }
/** An object of JSON. */
export type Fields = { readonly [key: string]: Json }

/** Leaves out what is not there. */
export function without(fields: { [key: string]: Json | undefined }): Fields {
  const entries = Object.entries(fields).filter(([, value]) => value !== undefined)
  return Object.fromEntries(entries) as Fields
}

/** Writes a number. Up to 2^53 every reader of JSON keeps a number; addresses and hashes read best in hex. */
export function numberJson(value: bigint): Json {
  if (value <= BigInt(Number.MAX_SAFE_INTEGER)) return Number(value)
  if (value < 2n ** 64n) return `${value}`
  const digits = value.toString(16)
  if (digits.length > 40) return `0x${digits.padStart(64, '0')}`
  return getAddress(`0x${digits.padStart(40, '0')}`)
}

/** Refuses a field, by its name. */
export function refuse(field: string, got: Json | undefined, wanted: string): never {
  const reason = `${field} is ${got === undefined ? 'missing' : JSON.stringify(got)}`
  throw new SessionRefused('MalformedGrant', reason, `give ${wanted}`)
}

/** Reads an object that has known fields only. */
export function object(field: string, json: Json | undefined, known: readonly string[]): Fields {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) {
    return refuse(field, json, 'an object')
  }
  const unknown = Object.keys(json).find((key) => !known.includes(key))
  if (unknown !== undefined)
    refuse(`${field}.${unknown}`, (json as Fields)[unknown], 'known fields only')
  return json as Fields
}

/** Reads a list. */
export function list(field: string, json: Json | undefined): readonly Json[] {
  return Array.isArray(json) ? json : refuse(field, json, 'a list')
}

/** Reads an address, in one kind of letters or with the right checksum. */
export function address(field: string, json: Json | undefined): Address {
  const read = readAddress(json)
  if (read !== undefined) return read
  return refuse(field, json, 'an address: 0x and 40 hex digits, with the right checksum if mixed')
}

/** Reads bytes in hex. */
export function hex(field: string, json: Json | undefined): Hex {
  return isHex(json) && json.length % 2 === 0 ? json : refuse(field, json, 'bytes in hex')
}

/** Reads a whole number, from text or a number that JSON keeps. */
export function number(field: string, json: Json | undefined): bigint {
  if (typeof json === 'number' && Number.isSafeInteger(json) && json >= 0) return BigInt(json)
  const isNumber = typeof json === 'string' && /^(\d+|0x[0-9a-f]+)$/i.test(json)
  return isNumber ? BigInt(json) : refuse(field, json, 'a whole number, as text past 2^53')
}
