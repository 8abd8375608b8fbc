import { type Address, type Hex, parseAbiParameters, zeroAddress } from 'viem'
import { ANY_CALL, PLAIN_TRANSFER } from '../../session/session.js'
import type { WordBound } from '../callGrant.js'
import { decodeOrNothing } from '../decodeOrNothing.js'
import { type Range, type Relation, EVERY, oneOf, rangesOf } from '../range.js'
import type { SessionDraft } from '../sessionDraft.js'
import type { KernelEntry } from './kernelPermission.js'

const PERMISSIONS = parseAbiParameters([
  'Permission[] permissions',
  'struct Permission { bytes1 callType; address target; bytes4 selector; uint256 valueLimit; Rule[] rules; }',
  'struct Rule { uint8 condition; uint64 offset; bytes32[] params; }',
])
type Rule = { condition: number; offset: bigint; params: readonly Hex[] }

/** A plain call; batches are checked as plain calls, one by one. */
const CALL = '0x00'
/** Conditions by number; 6 is a list of values, 7 a hash of some bytes. */
const RELATIONS: readonly Relation[] = ['equal', 'over', 'under', 'atLeast', 'atMost', 'notEqual']
const ONE_OF = 6
const SLICE_EQUAL = 7

/** Reads the permissions of a call policy 0.0.4 or 0.0.5. */
export function readCallPolicy(draft: SessionDraft, { path, data }: KernelEntry): void {
  const permissions = decodeOrNothing(PERMISSIONS, data)?.[0]
  if (!permissions) {
    draft.findings.refuse(path, 'no list of permissions as 0.0.4 and 0.0.5 have it', 'make it anew')
    return
  }
  const seen = new Set<string>()
  permissions.forEach(({ callType, selector, valueLimit, rules, ...permission }, i) => {
    const place = `${path}.permissions[${i}]`
    const target = permission.target.toLowerCase() as Address
    const key = [callType, target, selector].join()
    if (seen.has(key)) {
      draft.findings.refuse(
        place,
        'a second permission for one function: the policy takes only one',
        'say both in one permission, or grant two sessions',
      )
    }
    seen.add(key)
    if (!isCallable(draft, place, callType, target, selector, rules)) return
    const words = rules.flatMap((rule, j) => readRule(draft, `${place}.rules[${j}]`, rule) ?? [])
    draft.grants.push({ path: place, target, selector, valueLimit, words })
  })
}

function isCallable(
  { findings }: SessionDraft,
  path: string,
  callType: Hex,
  target: Address,
  selector: Hex,
  rules: readonly Rule[],
): boolean {
  const before = findings.refusals.length
  if (callType !== CALL) {
    findings.refuse(
      `${path}.callType`,
      callType === '0xff' ? 'a delegatecall' : `call type ${callType}, which no call is checked as`,
      'grant plain calls (0x00): no session delegates the account’s code',
    )
  }
  if (target === zeroAddress) {
    findings.refuse(
      `${path}.target`,
      'every target that has no permission of its own for this function',
      'name each target: no session permits "any target"',
    )
  }
  if (selector === ANY_CALL) {
    findings.refuse(
      `${path}.selector`,
      'the function 0xffffffff, a selector that stands for any call here',
      'name another function',
    )
  }
  if (selector === PLAIN_TRANSFER) {
    if (rules.length > 0) {
      findings.refuse(path, 'rules about arguments without a function', 'name the function')
    } else {
      findings.narrower(
        path,
        'no calldata, or calldata that begins with four zero bytes',
        'no calldata',
      )
    }
  }
  return findings.refusals.length === before
}

function readRule(
  { findings }: SessionDraft,
  path: string,
  { condition, offset, params }: Rule,
): WordBound | undefined {
  if (condition === SLICE_EQUAL) {
    return findings.refuse(
      path,
      'a part of a string or of bytes must hash to a value',
      'bound whole words instead, or grant a function that takes no such argument',
    )
  }
  if (offset % 32n !== 0n || offset > 255n * 32n) {
    return findings.refuse(
      path,
      `a rule about byte ${offset} of the arguments`,
      'rules here are about whole words: a multiple of 32, at most 8160',
    )
  }
  const ranges = rangesOfRule(condition, params.map(BigInt))
  if (!ranges) {
    findings.refuse(
      path,
      `condition ${condition} with ${params.length} values, which the policy does not take`,
      'use conditions 0 to 5 with one value, or 6 with a list',
    )
  }
  return { index: Number(offset / 32n), ranges: ranges ?? EVERY }
}

function rangesOfRule(condition: number, values: readonly bigint[]): readonly Range[] | undefined {
  if (condition === ONE_OF) return oneOf(values)
  const relation = RELATIONS[condition]
  const [value] = values
  return relation && values.length === 1 && value !== undefined
    ? rangesOf(relation, value)
    : undefined
}
