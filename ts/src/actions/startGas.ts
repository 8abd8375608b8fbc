import { type Address, type Client, type Hash, keccak256, parseAbi } from 'viem'
import { getCode, readContract } from 'viem/actions'

/** Arbitrum's precompiles for Stylus programs. */
const ARB_WASM: Address = '0x0000000000000000000000000000000000000071'

const ARB_WASM_CACHE: Address = '0x0000000000000000000000000000000000000072'

const ABI = parseAbi([
  'function programInitGas(address program) view returns (uint64 gas, uint64 gasWhenCached)',
  'function codehashIsCached(bytes32 codehash) view returns (bool)',
])

/** Hashes of code by client and address: code that is there stays as it is, and a module's is long. */
const HASHES: Record<string, Hash> = {}

/** Returns the gas that an estimate of validation may miss, because the module is not cached: from
 * ArbOS 60 on only the first call in a block pays for the start of a program, and a bundler's
 * estimate may not be the first. 0 where it is cached, or where nobody can be asked. */
export async function startGas(client: Client, module: Address): Promise<bigint> {
  try {
    const hash = await codeHash(client, module)
    // Where there is no code yet there may be some later.
    if (hash === undefined) return 0n
    const isCached = await readContract(client, {
      address: ARB_WASM_CACHE,
      abi: ABI,
      functionName: 'codehashIsCached',
      args: [hash],
    })
    if (isCached) return 0n
    const [gas, gasWhenCached] = await readContract(client, {
      address: ARB_WASM,
      abi: ABI,
      functionName: 'programInitGas',
      args: [module],
    })
    return gas - gasWhenCached
  } catch {
    return 0n
  }
}

async function codeHash(client: Client, address: Address): Promise<Hash | undefined> {
  const key = client.uid + address
  if (HASHES[key] !== undefined) return HASHES[key]
  const code = await getCode(client, { address })
  return code && (HASHES[key] = keccak256(code))
}
