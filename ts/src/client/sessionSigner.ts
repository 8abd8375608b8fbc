import type { Hash, Hex } from 'viem'
import { type UserOperation, entryPoint07Abi, getUserOperationHash } from 'viem/account-abstraction'
import { readContract } from 'viem/actions'
import type { AccountKind } from '../accountKind.js'
import { detectAccountKind } from '../accounts/detectAccountKind.js'
import { checkNonce, nonceKey } from '../accounts/nonceKey.js'
import type { Clock } from '../actions/readClock.js'
import { type SessionState, readSession } from '../actions/readSession.js'
import { SessionRefused } from '../errors/sessionRefused.js'
import { coverExecutions } from '../operation/coverExecutions.js'
import { decodeExecutions } from '../operation/decodeExecutions.js'
import { draftEnable } from '../operation/draftEnable.js'
import { draftUse } from '../operation/draftUse.js'
import { dummyOperation } from '../operation/dummyOperation.js'
import { operationDigest } from '../operation/operationDigest.js'
import type { OperationDraft } from '../operation/operationDraft.js'
import { sealOperation } from '../operation/sealOperation.js'
import { representable } from '../session/checkRepresentable.js'
import { discloseUsed } from '../session/disclosure.js'
import type { Session } from '../session/session.js'
import { sessionId } from '../session/sessionId.js'
import { awaitDue } from './awaitDue.js'
import { checkCost } from './checkCost.js'
import { checkTogether } from './checkTogether.js'
import { enablingSignature } from './enabling.js'
import { checkSameChain, pinChain } from './pinChain.js'
import type { SessionAccountTerms } from './sessionAccountTerms.js'

/** An operation that is to be signed. */
export type UnsignedOperation = Omit<UserOperation, 'sender' | 'signature'>

/** Signs user operations of one session on one chain. */
export type SessionSigner = {
  readonly session: Session
  readonly kind: AccountKind
  /** The chain for which everything is signed. */
  readonly chainId: bigint
  /** Returns the next nonce of a lane. */
  readonly nonce: (lane?: number) => Promise<bigint>
  /** Returns a signature to estimate with.
   *
   * @param due what the clocks say when the operation is due; asked for if left out. */
  readonly stub: (callData: Hex, due?: Promise<Clock>) => Promise<Hex>
  /** Signs an operation.
   *
   * @returns its signature, and its hash, which the EntryPoint will compute too. */
  readonly sign: (
    operation: UnsignedOperation,
    options?: { chainId?: number | undefined; maxFee?: bigint | undefined },
  ) => Promise<{ signature: Hex; hash: Hash }>
}

/** Makes the signer of a session: what is signed is computed here, for the chain that is asked for
 * once.
 *
 * @throws {@link SessionRefused} if account, delegate, session and chain do not belong together. */
export async function sessionSigner(terms: SessionAccountTerms): Promise<SessionSigner> {
  const { account, module, delegate } = terms
  const session = representable(terms.session)
  checkTogether(account, session, delegate)
  const { client, entryPoint } = account
  const [chainId, kind] = await Promise.all([
    pinChain(client, session),
    terms.kind ?? detectAccountKind(client, account.address),
  ])
  const drafted = (callData: Hex, due?: Promise<Clock>) =>
    draftFor({ ...terms, session }, chainId, callData, due)

  return {
    session,
    kind,
    chainId,
    async nonce(lane = terms.lane) {
      const key = nonceKey(kind, module, lane)
      const nonce = await readContract(client, {
        address: entryPoint.address,
        abi: entryPoint07Abi,
        functionName: 'getNonce',
        args: [account.address, key],
      })
      if (nonce >> 64n === key) return nonce
      const reason = `the node gives nonce ${nonce}, which is not one of key ${key}`
      throw new SessionRefused('WrongNonce', reason, 'ask another node')
    },
    async stub(callData, due) {
      const { draft } = await drafted(callData, due)
      return dummyOperation(draft, delegate.clientDataLength)
    },
    async sign(operation, { chainId: asked, maxFee = terms.maxFee } = {}) {
      if (asked !== undefined) checkSameChain(chainId, asked)
      checkNonce(kind, module, operation.nonce)
      // The clocks are asked anew: an estimate takes time, and the moment that is claimed is signed.
      const { draft, state } = await drafted(operation.callData)
      const whole = { ...operation, sender: account.address } as UserOperation<'0.7'>
      const place = { client, entryPoint: entryPoint.address, module }
      const priced = { ...whole, signature: dummyOperation(draft) }
      await checkCost(place, session, state, priced, maxFee)
      const hash = getUserOperationHash({
        chainId: Number(chainId),
        entryPointAddress: entryPoint.address,
        entryPointVersion: entryPoint.version as '0.7',
        userOperation: { ...whole, signature: '0x' },
      })
      const signed = await delegate.sign(operationDigest(module, draft, hash))
      return { signature: sealOperation(draft, signed), hash }
    },
  }
}

async function draftFor(
  terms: SessionAccountTerms,
  chainId: bigint,
  callData: Hex,
  due?: Promise<Clock>,
): Promise<{ draft: OperationDraft; state: SessionState }> {
  const { account, module, session, ownerSignature } = terms
  const permissions = coverExecutions(session, decodeExecutions(callData))
  const id = sessionId(session)
  const [state, { later }] = await Promise.all([
    readSession(account.client, module, session),
    due ?? awaitDue(terms),
  ])
  const hasPeriod = session.budgets.some((budget) => budget.period > 0)
  const operation = { session, permissions, claimedTime: hasPeriod ? later : undefined }
  const enabling = enablingSignature(id, state.status, ownerSignature)
  if (enabling !== undefined) return { draft: draftEnable(operation, enabling), state }
  return { draft: draftUse(operation, discloseUsed(chainId, permissions)), state }
}
