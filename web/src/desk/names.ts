import { type Session, NATIVE } from 'smart-session'
import type { Names } from 'smart-session/owner'
import { type Address, type Client, isAddressEqual, parseAbi, toFunctionSelector } from 'viem'
import { readContract } from 'viem/actions'
import type { TokenWords } from '../page/meters.ts'

/** Functions that are known by their selector, besides those that files and requests name. Who asks
 * could call them otherwise: a name with the same four bytes is found in minutes. */
const KNOWN = [
  'transfer(address,uint256)',
  'transferFrom(address,address,uint256)',
  'approve(address,uint256)',
  'increaseAllowance(address,uint256)',
  'setApprovalForAll(address,bool)',
  'safeTransferFrom(address,address,uint256)',
  'permit(address,address,uint256,uint256,uint8,bytes32,bytes32)',
  'move(uint8)',
  'withdraw(uint256)',
]

/** What functions and tokens are called. A name is only taken where its selector is right. */
export class NameBook {
  readonly #functions = new Map<string, string>()
  readonly tokens = new Map<string, TokenWords>()

  constructor() {
    this.learn(KNOWN)
  }

  /** Keeps functions by their selectors; the first name of one stays. */
  learn(signatures: readonly (string | undefined)[]): void {
    for (const signature of signatures) {
      if (signature === undefined) continue
      const selector = toFunctionSelector(signature)
      if (!this.#functions.has(selector)) this.#functions.set(selector, signature)
    }
  }

  /** Returns the name of a function. */
  functionOf(selector: string): string | undefined {
    return this.#functions.get(selector.toLowerCase())
  }

  /** Returns the names that a session does not keep. */
  of(session: Session): Names {
    return {
      functions: session.permissions.map(({ selector }) => this.functionOf(selector)),
      decimals: session.budgets.map(({ token }) => this.tokens.get(token.toLowerCase())?.decimals),
    }
  }

  /** Asks tokens what they are called, once each. */
  async readTokens(client: Client, sessions: readonly Session[]): Promise<void> {
    const tokens = sessions.flatMap(({ budgets }) => budgets.map(({ token }) => token))
    const unknown = new Set(
      tokens
        .filter((token) => !isAddressEqual(token, NATIVE))
        .map((token) => token.toLowerCase())
        .filter((token) => !this.tokens.has(token)),
    )
    await Promise.all(
      [...unknown].map(async (token) => {
        const words = await readToken(client, token as Address).catch(() => undefined)
        if (words !== undefined) this.tokens.set(token, words)
      }),
    )
  }
}

const ERC20 = parseAbi([
  'function symbol() view returns (string)',
  'function decimals() view returns (uint8)',
])

async function readToken(client: Client, address: Address): Promise<TokenWords> {
  const [symbol, decimals] = await Promise.all([
    readContract(client, { address, abi: ERC20, functionName: 'symbol' }),
    readContract(client, { address, abi: ERC20, functionName: 'decimals' }),
  ])
  // A name is the token's own word: short, and never more than text.
  return { symbol: symbol.slice(0, 16) || 'token', decimals }
}
