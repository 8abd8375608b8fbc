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
import { readClock } from '../actions/readClock.js'
import { startGas } from '../actions/startGas.js'
import { SessionRefused } from '../errors/sessionRefused.js'
import type { SessionCall } from '../operation/sessionCall.js'
import type { Session } from '../session/session.js'
import { sessionId } from '../session/sessionId.js'
import { checkWithin, dueTime } from './dueTime.js'
import { lanesFrom } from './lanes.js'
import { OWN_BUNDLER } from './ownBundler.js'
import { type SessionAccountTerms, sessionSigner } from './sessionSigner.js'
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

  const send = async (calls: readonly SessionCall[], options: SendOptions, nonce: bigint) => {
    const block = await awaitBlock(terms, signer.session, bundler.key !== OWN_BUNDLER)
    const prepared = (await prepareUserOperation(patient(bundler, terms), {
      account,
      calls: [...calls],
      nonce,
      ...(await pricesOf(client, options)),
    })) as UserOperation<'0.7'>
    const { signature, hash } = await signer.sign(prepared, { maxFee: options.maxFee })
    const params = [formatUserOperationRequest({ ...prepared, signature }), entryPoint.address]
    const request = { method: 'eth_sendUserOperation', params } as never
    sentAt.set(hash, block)
    const answered: Hash = await bundler.request(request, { retryCount: 0 })
    return { hash, answered }
  }

  return {
    account,
    sessionId: sessionId(signer.session),
    async send(calls, options = {}) {
      const { nonce, release } = await lanes.take()
      try {
        const { hash, answered } = await send(calls, options, nonce)
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
    `operation ${hash} was sent, the bundler calls it ${String(answered)}`,
    'wait for the first hash before it is sent anew, and use another bundler',
  )
}

/** The bundler client with estimates that have room for the start of a module that is not cached:
 * from ArbOS 60 on only the first call in a block pays for it, and an estimate may not be the
 * first. */
function patient<B extends Client<Transport, Chain | undefined, SmartAccount | undefined>>(
  bundler: B,
  { account, module }: SessionAccountTerms,
): B {
  return {
    ...bundler,
    async estimateUserOperationGas(parameters: EstimateUserOperationGasParameters) {
      const [start, estimated] = await Promise.all([
        startGas(account.client, module),
        estimateUserOperationGas(bundler, parameters),
      ])
      const verificationGasLimit = estimated.verificationGasLimit + start
      return { ...estimated, verificationGasLimit }
    },
  }
}

async function pricesOf(client: Client, { priorityFee }: SendOptions) {
  if (priorityFee === undefined) return {}
  const { baseFeePerGas } = await getBlock(client)
  const maxFeePerGas = 2n * (baseFeePerGas ?? 0n) + priorityFee
  return { maxFeePerGas, maxPriorityFeePerGas: priorityFee }
}

/** Milliseconds for which a block is waited for, and between two looks. */
const LONGEST_WAIT = 5_000
const LOOK_AGAIN = 250

/** Waits until the newest block has reached the window, and the periods that are used, where the
 * bundler simulates on it.
 *
 * @returns the number of the newest block.
 *
 * @throws {@link SessionRefused} if no block comes. */
async function awaitBlock(
  { account, now }: SessionAccountTerms,
  session: Session,
  isSimulatedOnBlock: boolean,
) {
  const deadline = Date.now() + LONGEST_WAIT
  for (;;) {
    const { block, later, number } = await readClock(account.client, now)
    checkWithin(session, later)
    const due = dueTime(session, later, account.entryPoint.version)
    if (block >= due || !isSimulatedOnBlock) return number
    if (Date.now() > deadline) {
      throw new SessionRefused(
        'NotDueYet',
        `the operation is for a time from ${due} on, the newest block is of ${block}`,
        'send it again when the chain has a new block: bundlers simulate on the newest one',
      )
    }
    await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN))
  }
}
