import { type Address, type Hex, isAddressEqual, numberToHex } from 'viem'
import { SessionRefused } from '../errors/sessionRefused.js'
import { checkChainListed } from '../session/checkChainListed.js'
import { checkHasAddress } from '../session/checkHasAddress.js'
import { checkAddress } from '../session/checkRepresentable.js'
import { checkSession } from '../session/checkSession.js'
import type { Grant } from '../session/grant.js'
import { delegationContext, readDelegationContext } from './delegationContext.js'
import {
  type WalletPermission,
  type WalletRule,
  grantedPermission,
  grantedRules,
} from './grantedPermission.js'

/** What a request of ERC-7715 says, as far as a response repeats it. */
export type AnsweredRequest = {
  chainId: Hex | string | number | bigint
  from?: Address | null
  to: Address
  permission: WalletPermission
  rules?: readonly WalletRule[] | null
}

/** What a wallet answers to one request of `wallet_requestExecutionPermissions` (ERC-7715). */
export type PermissionResponse = {
  chainId: Hex
  /** The account that has granted it. */
  from: Address
  /** The delegate. */
  to: Address
  /** As the session grants it. */
  permission: WalletPermission
  rules: readonly WalletRule[]
  /** The permission context of ERC-7710. */
  context: Hex
  /** What must be deployed before it can be redeemed. */
  dependencies: readonly { factory: Address; factoryData: Hex }[]
  /** The module. */
  delegationManager: Address
}

/** Returns what a wallet answers to a request that it has granted as a session.
 *
 * @param grant the module and the session, with the owner's signature unless it is enabled already.
 * @param request the request; amounts, times and rules are answered as the session has them.
 * @param dependencies what deploys the account, if it is not deployed.
 * @throws {@link SessionRefused} if the session is not one for who asks, or not of that kind. */
export function permissionResponse(
  grant: Grant,
  request: AnsweredRequest,
  dependencies: PermissionResponse['dependencies'] = [],
): PermissionResponse {
  const { module, session, ownerSignature } = grant
  checkSession(session, module)
  checkHasAddress(session)
  checkParties(grant, request)
  return {
    chainId: numberToHex(readChain(request.chainId)),
    from: session.account,
    to: session.delegate,
    permission: grantedPermission(session, request.permission),
    rules: grantedRules(session, request.rules ?? []),
    context: delegationContext({
      session,
      ...(ownerSignature === undefined ? {} : { ownerSignature }),
    }),
    dependencies,
    delegationManager: module,
  }
}

/** Reads the session that a response stands for, as who has asked for it.
 *
 * @param module the module that is known: one that only a response names is not taken for it.
 * @throws {@link SessionRefused} if it is for another module, chain, account or delegate than it
 * says, or shows no whole session. */
export function readPermissionResponse(response: PermissionResponse, module: Address): Grant {
  const { delegationManager, context } = response
  if (!isAddressEqual(checkAddress('delegationManager', delegationManager), module)) {
    throw new SessionRefused(
      'WrongModule',
      `the response names ${delegationManager} as its delegation manager, the module is ${module}`,
      'redeem it with the client of that manager',
    )
  }
  const grant = { module, ...readDelegationContext(context) }
  checkParties(grant, response)
  return grant
}

function checkParties({ session }: Grant, { chainId, from, to }: AnsweredRequest): void {
  checkChainListed(session, readChain(chainId))
  if (from && !isAddressEqual(checkAddress('from', from), session.account)) {
    const reason = `the session is for ${session.account}, the account is ${from}`
    throw new SessionRefused('WrongAccount', reason, 'grant a session of the account that is named')
  }
  if (isAddressEqual(checkAddress('to', to), session.delegate)) return
  const reason = `the session's delegate is ${session.delegate}, ${to} asks`
  throw new SessionRefused('WrongKey', reason, 'grant a session to who asks')
}

function readChain(chainId: AnsweredRequest['chainId']): bigint {
  try {
    return BigInt(chainId)
  } catch (cause) {
    const reason = `chainId is ${String(chainId)}, not a number`
    throw new SessionRefused('NumberTooWide', reason, 'give it in hex or decimal', { cause })
  }
}
