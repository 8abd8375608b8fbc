import { type Address, parseAbiParameters, size, slice, zeroAddress } from 'viem'
import { decodeOrNothing } from '../decodeOrNothing.js'
import { sayWord } from '../range.js'
import { type SessionDraft, beginAt, countCalls, endWith, limitFees } from '../sessionDraft.js'
import type { KernelEntry } from './kernelPermission.js'

const GAS = parseAbiParameters('uint128 allowed, bool enforcePaymaster, address allowedPaymaster')
const TIMES = parseAbiParameters('uint48 validAfter, uint48 validUntil')

/** Reads a gas policy: a total for gas, and who must pay for it. */
export function readGasPolicy(draft: SessionDraft, { path, data }: KernelEntry): void {
  const decoded = decodeOrNothing(GAS, data)
  if (!decoded) return refuseData(draft, path)
  const [allowed, enforcePaymaster, allowedPaymaster] = decoded
  limitFees(draft, allowed)
  draft.findings.narrower(
    path,
    `gas for ${sayWord(allowed)} wei, the paymaster's part not counted`,
    'a fee limit of at most that, all parts counted',
  )
  if (!enforcePaymaster) return
  draft.payer =
    allowedPaymaster === zeroAddress
      ? { path, who: 'somebody' }
      : { path, who: 'one', paymaster: allowedPaymaster.toLowerCase() as Address }
}

/** Reads a timestamp policy. A zero stands for no bound. */
export function readTimestampPolicy(draft: SessionDraft, { path, data }: KernelEntry): void {
  const decoded = decodeOrNothing(TIMES, data)
  if (!decoded) return refuseData(draft, path)
  const [validAfter, validUntil] = decoded.map(BigInt) as [bigint, bigint]
  beginAt(draft, validAfter)
  if (validUntil !== 0n) endWith(draft, validUntil)
  const words = `from ${validAfter} ${validUntil === 0n ? 'on' : `until ${validUntil}`}`
  draft.findings.same(path, words, words)
}

/** Reads a rate limit: so many operations, each an interval after the one before. */
export function readRateLimit(draft: SessionDraft, { path, data }: KernelEntry): void {
  if (size(data) !== 18) return refuseData(draft, path)
  const [interval, count, startAt] = [0, 6, 12].map((i) => BigInt(slice(data, i, i + 6))) as [
    bigint,
    bigint,
    bigint,
  ]
  if (interval > 0n && count > 1n) return refusePace(draft, path, count, interval)
  beginAt(draft, startAt)
  countCalls(draft, count)
  draft.findings.narrower(
    path,
    `${count} operations from ${startAt} on`,
    `${count} calls: a batch counts each of its calls`,
  )
}

/** Reads a rate limit that begins anew after each interval. */
export function readRateLimitWithReset(draft: SessionDraft, { path, data }: KernelEntry): void {
  if (size(data) !== 12) return refuseData(draft, path)
  refusePace(draft, path, BigInt(slice(data, 6)), BigInt(slice(data, 0, 6)))
}

function refusePace(
  { findings }: SessionDraft,
  path: string,
  count: bigint,
  interval: bigint,
): undefined {
  findings.refuse(
    path,
    `${count} operations at a pace, one interval being ${interval} seconds: calls have no pace here`,
    `limit what moves in each period by a budget, or grant a session for each interval with maxCalls`,
  )
}

function refuseData({ findings }: SessionDraft, path: string): undefined {
  findings.refuse(path, 'the data of the policy have another shape', 'make the policy anew')
}
