import type { Chain, Client, Hash, Transport } from 'viem'
import {
  type EstimateUserOperationGasParameters,
  type SmartAccount,
  type UserOperation,
  estimateUserOperationGas,
  formatUserOperationRequest,
  prepareUserOperation,
} from 'viem/account-abstraction'
import { getBlock } from 'viem/actions'
import { startGas } from '../actions/startGas.js'
import { SessionRefused } from '../errors/sessionRefused.js'
import type { SessionCall } from '../operation/sessionCall.js'
import { sessionId } from '../session/sessionId.js'
import { awaitDue } from './awaitDue.js'
import { lanesFrom } from './lanes.js'
import { OWN_BUNDLER } from './ownBundler.js'
import type { SessionAccountTerms } from './sessionAccountTerms.js'
import { sessionSigner } from './sessionSigner.js'
import { accountOf } from './toSessionAccount.js'
import { type OperationReceipt, type WaitTerms, waitForOperation } from './waitForOperation.js'

/** Acts within a session. */
export type SessionClient = {
  /** The account, for other actions of a bundler client. */
  readonly account: SmartAccount
  /** The session's id. */
  readonly sessionId: Hash
  /** Prepares, signs and sends one user operation with these calls, and returns its hash.
   *
   * Operations that are sent before earlier ones have landed go into lanes of their own, so they
   * may land in any order.
   *
   * @throws {@link SessionRefused} if the session does not permit it: before sending where that
   * can be known, otherwise with the module's reason and the bundler's error as its cause. */
  readonly send: (calls: readonly SessionCall[], options?: SendOptions) => Promise<Hash>
  /** Waits until an operation has landed, and tells what became of it, by the node.
   *
   * @throws {@link SessionRefused} if it has not landed in time. */
  readonly waitFor: (hash: Hash, options?: Omit<WaitTerms, 'hash'>) => Promise<OperationReceipt>
}

/** What one operation may cost. */
export type SendOptions = {
  /** The most wei of gas; {@link SessionAccountTerms.maxFee} if left out. */
  maxFee?: bigint
  /** Wei for each gas that go to the bundler; what the bundler client's settings say if left
   * out. */
  priorityFee?: bigint
}

/** Turns a smart account and a bundler client into a client that acts within a session.
 *
 * @param bundler a bundler client of viem, or a smart account client of permissionless. Its
 * paymaster and fee settings hold. It is believed nothing: its gas is bounded before anything is
 * signed, its hash is compared, and receipts come from the account's node.
 * @throws {@link SessionRefused} as {@link toSessionAccount}. */
export async function createSessionClient(
  bundler: Client<Transport, Chain | undefined, SmartAccount | undefined>,
  terms: SessionAccountTerms,
): Promise<SessionClient> {
  const signer = await sessionSigner(terms)
  const account = accountOf(terms, signer)
  const { client, entryPoint } = terms.account
  const lanes = lanesFrom((lane) => signer.nonce(lane), terms.lane ?? 0)
  const sentAt = new Map<Hash, bigint>()

  /** Asks for what an operation needs but its nonce, all at once. */
  const prepare = (calls: readonly SessionCall[], { priorityFee }: SendOptions) => {
    const due = awaitDue({ ...terms, session: signer.session }, bundler.key !== OWN_BUNDLER)
    return Promise.all([
      due,
      account.encodeCalls([...calls]).then(async (callData) => {
        return { callData, signature: await signer.stub(callData, due) }
      }),
      priorityFee === undefined ? {} : pricesOf(client, priorityFee),
      startGas(client, terms.module),
    ])
  }

  const send = async (
    ready: ReturnType<typeof prepare>,
    options: SendOptions,
    nonce: bigint,
  ) => {
    const [{ number }, draft, prices, start] = await ready
    const patient = {
      ...bundler,
      // With room for the start of a module that is not cached: from ArbOS 60 on only the first call
      // in a block pays for it, and an estimate may not be the first.
      async estimateUserOperationGas(parameters: EstimateUserOperationGasParameters) {
        const estimated = await estimateUserOperationGas(bundler, parameters)
        const verificationGasLimit = estimated.verificationGasLimit + start
        return { ...estimated, verificationGasLimit }
      },
    }
    const prepared = (await prepareUserOperation(patient, {
      account,
      nonce,
      ...draft,
      ...prices,
    })) as UserOperation<'0.7'>
    const { signature, hash } = await signer.sign(prepared, { maxFee: options.maxFee })
    const params = [formatUserOperationRequest({ ...prepared, signature }), entryPoint.address]
    const request = { method: 'eth_sendUserOperation', params } as never
    sentAt.set(hash, number)
    const answered: Hash = await bundler.request(request, { retryCount: 0 })
    return { hash, answered }
  }

  return {
    account,
    sessionId: sessionId(signer.session),
    async send(calls, options = {}) {
      const ready = prepare(calls, options)
      // What it fails with is told once the nonce is there.
      ready.catch(() => undefined)
      const { nonce, release } = await lanes.take()
      try {
        const { hash, answered } = await send(ready, options, nonce)
        if (answered === hash) return hash
        throw wrongHash(hash, answered)
      } catch (cause) {
        const isSent = cause instanceof SessionRefused && cause.code === 'WrongHash'
        if (!isSent) release()
        if (cause instanceof SessionRefused) throw cause
        // The words for errors are loaded when one is met.
        const { explainFailure } = await import('../errors/explainFailure.js')
        const reason = explainFailure(cause)
        if (reason === undefined) throw cause
        const remedy = 'change the call, or ask the owner for another session'
        throw new SessionRefused('Rejected', reason, remedy, { cause })
      }
    },
    waitFor(hash, options) {
      const fromBlock = sentAt.get(hash)
      const from = fromBlock === undefined ? {} : { fromBlock }
      return waitForOperation(client, entryPoint.address, { ...from, ...options, hash })
    },
  }
}

function wrongHash(hash: Hash, answered: Hash): SessionRefused {
  return new SessionRefused(
    'WrongHash',
    `operation ${hash} was sent, the bundler calls it ${answered}`,
    'wait for the first hash before it is sent anew, and use another bundler',
  )
}

async function pricesOf(client: Client, maxPriorityFeePerGas: bigint) {
  const { baseFeePerGas } = await getBlock(client)
  return { maxFeePerGas: 2n * (baseFeePerGas ?? 0n) + maxPriorityFeePerGas, maxPriorityFeePerGas }
}
