import { type Address } from 'viem'
import { NATIVE, PLAIN_TRANSFER } from '../../session/session.js'
import { TRANSFER } from '../../session/token.js'
import { tell } from '../findings.js'
import { oneOf, sayWord } from '../range.js'
import { type SessionDraft, beginAt } from '../sessionDraft.js'
import { type PermissionRequest, UNSAYABLE_TYPES } from './permissionRequest.js'
import { refuseStream } from './refuseStream.js'
import { refuseUnknown } from './refuseUnknown.js'

/** Reads what is asked for, of the types that are known, and refuses others. */
export function readPermission(
  draft: SessionDraft,
  { permission }: Partial<PermissionRequest>,
  payees: readonly Address[] | undefined,
): void {
  const { findings } = draft
  const { type, data: given } = permission ?? {}
  // Fields that are `null` count as left out.
  const isFields = typeof given === 'object' && given !== null && !Array.isArray(given)
  const fields = isFields ? Object.entries(given) : []
  const data = Object.fromEntries(fields.filter(([, value]) => value !== null))
  const name = typeof type === 'string' ? type : ''
  const unsayable = Object.hasOwn(UNSAYABLE_TYPES, name) ? UNSAYABLE_TYPES[name] : undefined
  if (unsayable) return void findings.refuse('permission.type', ...unsayable)
  const [, what, how] = /^(native|erc20)-token-(allowance|periodic|stream)$/.exec(name) ?? []
  if (!what || !how) {
    return findings.refuse(
      'permission.type',
      `the type ${tell(type)}, which is not known`,
      'ask for an allowance or a periodic amount, of native value or of an ERC-20',
    )
  }
  if (how === 'stream') return refuseStream(draft, what, data)
  refuseUnknown(draft, 'permission.data', data, [
    ...['justification', 'startTime'],
    ...(what === 'erc20' ? ['tokenAddress'] : []),
    ...(how === 'periodic' ? ['periodAmount', 'periodDuration'] : [nameOfAllowance(data)]),
  ])
  const token =
    what === 'native'
      ? NATIVE
      : findings.address('permission.data.tokenAddress', data['tokenAddress'])
  const start = readStart(draft, data['startTime'])
  const total = how === 'allowance' ? readAllowance(draft, data) : readPeriodic(draft, data, start)
  if (!total || !token) return
  const { path, amount } = total
  draft.budgets.push({ ...total, token })
  findings.same(path, `${sayWord(amount)} ${sayEvery(total.every)}`, 'a budget of that')
  if (what === 'native') grantNative(draft, amount, payees)
  else grantTransfers(draft, token, payees)
}

type Total = { path: string; amount: bigint; every?: { period: bigint; start: bigint } }

/** The field's name is `allowance` in the ERC's text, `allowanceAmount` in MetaMask's types. */
const nameOfAllowance = (data: Fields) =>
  data['allowanceAmount'] === undefined ? 'allowance' : 'allowanceAmount'

function readAllowance({ findings }: SessionDraft, data: Fields): Total | undefined {
  const name = nameOfAllowance(data)
  const path = `permission.data.${name}`
  const amount = findings.whole(path, data[name], 256)
  return amount === undefined ? undefined : { path, amount }
}

function readPeriodic({ findings }: SessionDraft, data: Fields, start: bigint): Total | undefined {
  const path = 'permission.data.periodAmount'
  const amount = findings.whole(path, data['periodAmount'], 256)
  const period = findings.whole('permission.data.periodDuration', data['periodDuration'], 256)
  if (amount === undefined || period === undefined) return undefined
  return { path, amount, every: { period, start } }
}

/** Periods begin when the permission does; one without a start begins when it is granted. */
function readStart(draft: SessionDraft, startTime: unknown): bigint {
  const { findings, terms } = draft
  const path = 'permission.data.startTime'
  if (startTime === undefined) {
    if (terms.validAfter !== undefined) return BigInt(terms.validAfter)
    findings.refuse(
      'terms.validAfter',
      'the request begins when it is granted, and that is not said',
      'give the present, in unix seconds',
    )
    return 0n
  }
  const start = findings.whole(path, startTime, 47) ?? 0n
  beginAt(draft, start)
  findings.same(path, `from ${start} on`, `from ${start} on`)
  return start
}

function grantNative(draft: SessionDraft, amount: bigint, payees?: readonly Address[]): void {
  const { findings, terms } = draft
  const receivers = payees ?? terms.receivers ?? []
  if (receivers.length === 0) {
    return void findings.refuse(
      'permission.type',
      'native value may go to anybody',
      'name who may get it: a rule "payee", or terms.receivers',
    )
  }
  if (!payees)
    findings.narrower('terms.receivers', 'transfers to anybody', 'to the receivers named')
  for (const target of new Set(receivers.map((each) => each.toLowerCase() as Address))) {
    const grant = { target, selector: PLAIN_TRANSFER, valueLimit: amount, words: [] }
    draft.grants.push({ path: 'permission', ...grant })
  }
}

function grantTransfers(draft: SessionDraft, token: Address, payees?: readonly Address[]): void {
  const words = payees ? [{ index: 0, ranges: oneOf(payees.map(BigInt)) }] : []
  const grant = { target: token, selector: TRANSFER, valueLimit: 0n, words } as const
  draft.grants.push({ path: 'permission', ...grant })
}

function sayEvery(every: Total['every']): string {
  return every ? `in each ${sayWord(every.period)} seconds from ${every.start} on` : 'in total'
}

type Fields = { [field: string]: unknown }
