import { BaseError, HttpRequestError } from 'viem'

/** HTTP's codes by which a server refuses who asks, whatever is asked. */
const REFUSES_ALL = [401, 403, 429]

/** Whether a node has answered and refused a question, so that it may answer another one. */
export function isRefusal(error: unknown): boolean {
  if (!(error instanceof BaseError)) return true
  const failed = error.walk((one) => one instanceof HttpRequestError)
  if (!(failed instanceof HttpRequestError)) return true
  return failed.status !== undefined && !REFUSES_ALL.includes(failed.status)
}
