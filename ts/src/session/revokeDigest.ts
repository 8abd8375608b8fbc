import { type Address, type Hash, hashTypedData } from 'viem'
import { revokeTypedData } from './revokeTypedData.js'

/** Returns the digest of {@link revokeTypedData}. */
export function revokeDigest(module: Address, account: Address, sessionId: Hash): Hash {
  return hashTypedData(revokeTypedData(module, account, sessionId))
}
