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
    address: '0x75f7cf469b8d55decc550195ea9b2e2ea222bad9',
    codeHash: '0xbeaf36c3e81eeec982fa607ed0150f07c1540bfa469df3c2b457605d791c3152',
  },
  {
    address: '0x28cf7c819ea99d235ea42277027f162310e45f2e',
    codeHash: '0x2e23ff38a54be2566a34065531e1a6eb185db85506a9b70c84f7554b5700c64d',
  },
]
