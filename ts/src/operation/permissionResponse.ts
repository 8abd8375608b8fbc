import { type Address, type Hex, getAddress, isAddressEqual, numberToHex } from 'viem'
import { SessionRefused } from '../errors/sessionRefused.js'
import { tell } from '../from/findings.js'
import { checkChainListed } from '../session/checkChainListed.js'
import { checkHasAddress } from '../session/checkHasAddress.js'
import { checkAddress, representable } from '../session/checkRepresentable.js'
import { checkSession } from '../session/checkSession.js'
import type { Grant } from '../session/grant.js'
import { readAddress } from '../session/readAddress.js'
import { readWhole } from '../session/readWhole.js'
import type { Session } from '../session/session.js'
import { delegationContext, readDelegationContext } from './delegationContext.js'
import { type WalletPermission, type WalletRule, answerOf, tooMuch } from './grantedPermission.js'

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
 * A session may restrict more than a response can say, such as the number of calls; it never grants
 * more. What a request says and no session holds is refused.
 *
 * @param grant the module and the session, with the owner's signature unless it is enabled already.
 * @param request the request; amounts, times and rules are answered as the session has them, if it
 * allows adjustments. Left out: the response says what the session grants.
 * @param dependencies what deploys the account, if it is not deployed.
 * @throws {@link SessionRefused} if the session is not one for who asks, grants something else than
 * is asked for (`NotPermitted`), or asks for what no session holds (`NoEqual`). */
export function permissionResponse(
  grant: Grant,
  request?: AnsweredRequest,
  dependencies: PermissionResponse['dependencies'] = [],
): PermissionResponse {
  const { module, ownerSignature } = grant
  const session = representable(grant.session)
  checkSession(session, module)
  checkHasAddress(session)
  // What is no object says nothing.
  if (request !== undefined) checkParties(session, request ?? {})
  const [chain, ...others] = session.chains
  if (chain === undefined || others.length > 0) return tooMuch()
  return {
    chainId: numberToHex(chain.chainId),
    from: getAddress(session.account),
    to: getAddress(session.delegate),
    ...answerOf(session, { ...chain, module }, request),
    context: delegationContext({
      session,
      ...(ownerSignature === undefined ? {} : { ownerSignature }),
    }),
    dependencies,
    delegationManager: getAddress(module),
  }
}

/** Reads the session that a response stands for, as who has asked for it.
 *
 * @param module the module that is known: one that only a response names is not taken for it.
 * @throws {@link SessionRefused} if it is for another module, chain, account or delegate than it
 * says, or shows no whole session, or its account is still to be deployed. */
export function readPermissionResponse(response: PermissionResponse, module: Address): Grant {
  // What is no object says nothing.
  const { context, dependencies } = response ?? {}
  const manager = addressIn(response ?? {}, 'delegationManager')
  if (!isAddressEqual(manager, module)) {
    throw new SessionRefused(
      'WrongModule',
      `the response names ${manager} as its delegation manager, the module is ${module}`,
      'redeem it with the client of that manager',
    )
  }
  const grant = { module, ...readDelegationContext(context) }
  checkParties(grant.session, response)
  if (dependencies == null || (Array.isArray(dependencies) && dependencies.length === 0)) return grant
  throw new SessionRefused(
    'NoEqual',
    'the account of the response is still to be deployed (dependencies)',
    'call the factories that it names, and take them out of the response',
  )
}

const REMEDY = 'grant a session of that account to who asks, or take the response as the wallet gave it'

/** Whom and where a request or a response is for. */
type Parties = Partial<Pick<AnsweredRequest, 'chainId' | 'from' | 'to'>>

function checkParties(session: Session, named: Parties): void {
  const chainId = readWhole(named.chainId)
  if (chainId === undefined || BigInt.asUintN(256, chainId) !== chainId) {
    const reason = `chainId is ${tell(named.chainId)}, not a number of 256 bits`
    throw new SessionRefused('NumberTooWide', reason, 'give it in hex or decimal')
  }
  checkChainListed(session, chainId)
  const isNamed = named.from !== undefined && named.from !== null
  if (isNamed && !isAddressEqual(addressIn(named, 'from'), session.account)) {
    const reason = `the session is for ${session.account}, ${named.from} is named`
    throw new SessionRefused('WrongAccount', reason, REMEDY)
  }
  if (isAddressEqual(addressIn(named, 'to'), session.delegate)) return
  const reason = `the session's delegate is ${session.delegate}, ${named.to} is named`
  throw new SessionRefused('WrongKey', reason, REMEDY)
}

function addressIn<K extends string>(document: { [field in K]?: unknown }, field: K): Address {
  return readAddress(document[field]) ?? checkAddress(field, tell(document[field]))
}
