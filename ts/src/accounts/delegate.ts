import { type Address, type Hash, type Hex, concat, numberToHex, size } from 'viem'
import type { DelegateKind } from '../session/session.js'

/** Who acts within a session: a key that signs digests as the module reads them. */
export type Delegate = {
  /** The kind of key. */
  readonly kind: DelegateKind
  /** What stands for the key in a session. */
  readonly address: Address
  /** Signs a digest that EIP-712 has made. Each signature is checked before it is given out.
   *
   * @throws {@link SessionRefused} if the key gives what the module would not take. */
  readonly sign: (digest: Hash) => Promise<Hex>
  /** Bytes of client data to estimate with; for passkeys. See {@link dummyDelegateSignature}. */
  readonly clientDataLength?: number
}

/** Bytes behind their length, in 16 bits. */
export function blob(bytes: Hex): Hex {
  return concat([numberToHex(size(bytes), { size: 2 }), bytes])
}
