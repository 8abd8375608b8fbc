import {
  type Address,
  type TypedDataDefinition,
  type TypedDataDomain,
  domainSeparator,
  hashStruct,
  keccak256,
  stringToHex,
} from 'viem'
import { readMessage } from '../operation/readMessage.js'
import type { Session, SigningScope } from '../session/session.js'
import { atMost, exactly } from './argument.js'
import type { SessionFrame } from './sessionFrame.js'

const TOKEN_PERMISSIONS = {
  TokenPermissions: [
    { name: 'token', type: 'address' },
    { name: 'amount', type: 'uint256' },
  ],
} as const
const PERMIT = 'Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)'
const PERMIT_TRANSFER_FROM =
  'PermitTransferFrom(TokenPermissions permitted,address spender,uint256 nonce,uint256 deadline)' +
  'TokenPermissions(address token,uint256 amount)'

export type SignInAndPermits = {
  /** Messages that sign in to an app: any of the type and domain of this one. */
  signIn?: readonly TypedDataDefinition[]
  /** Allowances by ERC-2612: the token's domain, to whom, and the most. */
  permits?: readonly { domain: TypedDataDomain; spender: Address; most: bigint; deadline: bigint }[]
  /** Transfers by Permit2: its domain, the token and the exact amount, to whom.
   *
   * Token and amount are hashed within the message, so a session can name an amount, not bound it. */
  transfers?: readonly {
    domain: TypedDataDomain
    token: Address
    amount: bigint
    spender: Address
    deadline: bigint
  }[]
}

/** Returns a session that calls nothing, and signs for apps through ERC-1271.
 *
 * What is permitted by a signature is in no budget, and each signature may be made again. */
export function signInAndPermits(frame: SessionFrame, terms: SignInAndPermits): Session {
  const { signIn = [], permits = [], transfers = [] } = terms
  return {
    ...frame,
    maxCalls: 1,
    permissions: [],
    budgets: [],
    signing: [
      ...signIn.map((message): SigningScope => {
        const { domainSeparator, typeHash } = readMessage(message)
        return { domainSeparator, typeHash, rules: [] }
      }),
      ...permits.map(({ domain, spender, most, deadline }) => ({
        domainSeparator: domainSeparator({ domain }),
        typeHash: keccak256(stringToHex(PERMIT)),
        rules: [
          exactly(0, frame.account),
          exactly(1, spender),
          atMost(2, most),
          atMost(4, deadline),
        ],
      })),
      ...transfers.map(({ domain, token, amount, spender, deadline }) => ({
        domainSeparator: domainSeparator({ domain }),
        typeHash: keccak256(stringToHex(PERMIT_TRANSFER_FROM)),
        rules: [
          exactly(0, BigInt(hashPermitted(token, amount))),
          exactly(1, spender),
          atMost(3, deadline),
        ],
      })),
    ],
  }
}

function hashPermitted(token: Address, amount: bigint) {
  const data = { token, amount }
  return hashStruct({ types: TOKEN_PERMISSIONS, primaryType: 'TokenPermissions', data })
}
