import { type Hash, concat, keccak256 } from 'viem'
import type { Message } from './message.js'

/** Returns the hash that stands for a message: what an app asks an account about. */
export function messageHash({ domainSeparator, typeHash, words }: Message): Hash {
  return keccak256(concat(['0x1901', domainSeparator, keccak256(concat([typeHash, ...words]))]))
}
