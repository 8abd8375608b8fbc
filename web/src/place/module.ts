import { SessionRefused } from 'smart-session'
import { releasedModules } from 'smart-session/owner'
import { type Address, BaseError, type Hex, keccak256, parseAbi } from 'viem'
import { getCode, readContract } from 'viem/actions'
import type { Connection } from './connection.ts'

/** What there is at the module's address. */
export type ModuleFacts = {
  readonly codeHash: Hex
  /** How its code is known; `undefined` if it is not. */
  readonly source: 'release' | 'you' | undefined
  /** Until when the program runs before anyone has to activate it again; `'lapsed'` where it no
   * longer does, `undefined` where the chain does not say. */
  readonly lapsesAt: number | 'lapsed' | undefined
}

const ARB_WASM: Address = '0x0000000000000000000000000000000000000071'
const ABI = parseAbi([
  'function programTimeLeft(address program) view returns (uint64)',
  'error ProgramNotActivated()',
  'error ProgramNeedsUpgrade(uint16 version, uint16 stylusVersion)',
  'error ProgramExpired(uint64 ageInSeconds)',
])

/** Looks at the module: it is known by its code, never because a file or an app names it.
 *
 * @param codeHash the code that the user knows, besides that of the release.
 * @throws SessionRefused if there is no contract. */
export async function readModule(
  { client, module }: Connection,
  codeHash: Hex | undefined,
  now: number,
): Promise<ModuleFacts> {
  const code = await getCode(client, { address: module })
  if (code === undefined) {
    const what = `there is no contract at ${module} on chain ${client.chain?.id}`
    throw new SessionRefused('WrongChain', what, 'check the module and the node in the settings')
  }
  const found = keccak256(code)
  const is = (hash: string | undefined) => hash?.toLowerCase() === found
  const isReleased = releasedModules.some((known) => is(known.codeHash))
  const source = isReleased ? 'release' : is(codeHash) ? 'you' : undefined
  return { codeHash: found, source, lapsesAt: await readEnd({ client, module }, now) }
}

async function readEnd({ client, module }: Pick<Connection, 'client' | 'module'>, now: number) {
  try {
    const ask = { address: ARB_WASM, abi: ABI, functionName: 'programTimeLeft' } as const
    return now + Number(await readContract(client, { ...ask, args: [module] }))
  } catch (error) {
    const isLapsed = error instanceof BaseError && /Program(NotAct|NeedsUp|Exp)/.test(error.message)
    return isLapsed ? 'lapsed' : undefined
  }
}

/** Refuses a module whose code is not known.
 *
 * @throws SessionRefused then. */
export function checkKnown({ source, codeHash }: ModuleFacts): void {
  if (source !== undefined) return
  throw new SessionRefused(
    'WrongChain',
    `the code of the module (hash ${codeHash}) is not that of a release`,
    'name the hash in the settings only if you have checked that code',
  )
}
