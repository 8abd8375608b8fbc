// Made by scripts/module-tables from deployments/module.json.
import type { Address, Hex } from 'viem'

/** One build of the module: the same sources give other bytes with another compiler. */
export type ReleasedModule = {
  /** Where it is, on every chain that has it. */
  address: Address
  /** keccak256 of the code there. */
  codeHash: Hex
}

/** The builds that are known. The first one is the release: what is deployed where no other is named. */
export const releasedModules: readonly [ReleasedModule, ...ReleasedModule[]] = [
  {
    address: '0x7ec67586e8613b88644baf8f74d76b9d70acdda0',
    codeHash: '0xc42553a28c78ce3088722bc46e5e5165cf2a4f47985dfb8001d84f40970231b6',
  },
  {
    address: '0x28cf7c819ea99d235ea42277027f162310e45f2e',
    codeHash: '0x2e23ff38a54be2566a34065531e1a6eb185db85506a9b70c84f7554b5700c64d',
  },
]
