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
    address: '0x4b9ce08c5cfee526a0cda5c557d90c8550e5da49',
    codeHash: '0x72319eb61d48578d7ec4785ca2443d0b11ff13b2f68bff8ba7528c02174aa8a9',
  },
  {
    address: '0x827a66b9374eb143ca4b73e237748700376f85e1',
    codeHash: '0x37d26d949bfbc207c3e7239c379d7ad7681e97d01d9e423bf281c49b917a78f7',
  },
]
