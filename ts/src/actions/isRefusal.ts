import { BaseError } from 'viem'

/** HTTP's codes by which a server refuses who asks, whatever is asked; none if it did not answer. */
const REFUSES_ALL = [undefined, 401, 403, 429]
/** In viem's names of what a transport fails with. */
const OF_TRANSPORTS = /Http|Timeout|Socket/

type Failure = { name: string; status?: number }

/** Whether a node has answered and refused a question, so that it may answer another one.
 *
 * What is no error of viem's is a transport's own, such as a wallet's: it has answered. */
export function isRefusal(error: unknown): boolean {
  if (!(error instanceof BaseError)) return true
  const failure = error.walk((one) => {
    const { name, status } = one as Failure
    return status !== undefined || OF_TRANSPORTS.test(name)
  }) as Failure | null
  return failure === null || !REFUSES_ALL.includes(failure.status)
}
