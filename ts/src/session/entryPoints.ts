import type { Address } from 'viem'

/** The canonical EntryPoint 0.8, which signs user operations as typed data. */
const ENTRY_POINT_08: Address = '0x4337084D9E255Ff0702461CF8895CE9E3b5Ff108'
/** The canonical EntryPoint 0.9, likewise. */
const ENTRY_POINT_09: Address = '0x433709009B8330FDa32311DF1C2AFA402eD8D009'

/** The canonical EntryPoints 0.6 to 0.9, which hold the account's deposit. */
export const ENTRY_POINTS: readonly Address[] = [
  '0x5FF137D4b0FDCD49DcA30c7CF57E578a026d2789',
  '0x0000000071727De22E5E9d8BAf0edAc6f37da032',
  ENTRY_POINT_08,
  ENTRY_POINT_09,
]

/** Those in whose EIP-712 domain user operations are signed. */
export const TYPED_ENTRY_POINTS: readonly Address[] = [ENTRY_POINT_08, ENTRY_POINT_09]
