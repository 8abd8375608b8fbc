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
    address: '0x91b09e940ada488554c0e91734c3b74ab0e3f01f',
    codeHash: '0x6ce6a0eb3bde1efe6d5657293d2f5b75194f47e8d6b1620ed167c12930396cc5',
  },
  {
    address: '0x040221108f1ca7307234c7d09bc8207697111489',
    codeHash: '0xf8432d71390112045cb57d57cc8389458b504098a5c1e03b08964cece3b07673',
  },
]
