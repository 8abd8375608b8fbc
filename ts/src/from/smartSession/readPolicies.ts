import { type Address, type Hex, parseAbiParameters, size } from 'viem'
import { contractAt } from '../contractBook.js'
import { decodeOrNothing } from '../decodeOrNothing.js'
import type { Findings } from '../findings.js'
import { type Range, type Relation, EVERY, rangesOf, span } from '../range.js'
import type { WordBound } from '../callGrant.js'
import { type SmartSessionContracts, type SmartSessionPolicy, CONTRACTS } from './smartSession.js'

/** What a policy demands, read from its data. */
export type PolicyTerms =
  | { kind: 'sudo' }
  | { kind: 'universalAction'; valueLimit: bigint; words: readonly WordBound[] }
  | { kind: 'spendingLimits'; limits: readonly { token: Address; limit: bigint }[] }
  | { kind: 'valueLimit'; limit: bigint }
  | { kind: 'usageLimit'; limit: bigint }
  | { kind: 'timeFrame'; validAfter: bigint; validUntil: bigint }

/** A policy with where it stands in the input. */
export type ReadPolicy = PolicyTerms & { path: string }

const SPENDING_LIMITS = parseAbiParameters('address[] tokens, uint256[] limits')
const UNIVERSAL_ACTION = parseAbiParameters([
  'Config config',
  'struct Config { uint256 valueLimitPerUse; Rules paramRules; }',
  'struct Rules { uint256 length; Rule[16] rules; }',
  'struct Rule { uint8 condition; uint64 offset; bool isLimited; bytes32 ref; Usage usage; }',
  'struct Usage { uint256 limit; uint256 used; }',
])
/** Its conditions by number; 6 is a range of two 128-bit halves. */
const RELATIONS: readonly Relation[] = ['equal', 'over', 'under', 'atLeast', 'atMost', 'notEqual']
const IN_RANGE = 6

/** Reads policies; what cannot be read is refused. A policy sees no other's, and all must agree. */
export function readPolicies(
  findings: Findings,
  path: string,
  policies: readonly SmartSessionPolicy[] | undefined,
  contracts: SmartSessionContracts,
): ReadPolicy[] {
  const seen = new Set<string>()
  return findings.list(path, policies).flatMap((entry, i) => {
    const place = `${path}[${i}]`
    const policy = findings.address(`${place}.policy`, entry?.policy)
    const data = findings.bytes(`${place}.initData`, entry?.initData)
    if (!policy || !data) return []
    if (seen.has(policy)) {
      findings.refuse(
        place,
        'the same policy contract twice: the second data overwrite the first',
        'keep the one that is meant',
      )
    }
    seen.add(policy)
    const terms = readPolicy(findings, place, policy, data, contracts)
    return terms ? [{ ...terms, path: place }] : []
  })
}

function readPolicy(
  findings: Findings,
  path: string,
  policy: Address,
  data: Hex,
  contracts: SmartSessionContracts,
): PolicyTerms | undefined {
  const kind = contractAt([CONTRACTS, contracts], policy)
  const malformed = (shape: string) =>
    findings.refuse(`${path}.initData`, `the data of the policy are not ${shape}`, 'make them anew')
  switch (kind) {
    case 'sudo':
      return { kind }
    case 'universalAction':
      return readUniversalAction(findings, path, data) ?? malformed('an action with its rules')
    case 'spendingLimits': {
      const decoded = decodeOrNothing(SPENDING_LIMITS, data)
      if (!decoded || decoded[0].length !== decoded[1].length) {
        return malformed('as many limits as tokens')
      }
      const [tokens, limits] = decoded
      const pairs = tokens.map((token, i) => ({
        token: token.toLowerCase() as Address,
        limit: limits[i] ?? 0n,
      }))
      return { kind, limits: pairs }
    }
    case 'valueLimit':
      return size(data) === 32 ? { kind, limit: BigInt(data) } : malformed('a limit of 32 bytes')
    case 'usageLimit':
      return size(data) === 16 ? { kind, limit: BigInt(data) } : malformed('a limit of 16 bytes')
    case 'timeFrame': {
      if (size(data) !== 12) return malformed('two times of 6 bytes each')
      const both = BigInt(data)
      return { kind, validUntil: both >> 48n, validAfter: both & (2n ** 48n - 1n) }
    }
    case 'ownableValidator':
    case 'webAuthnValidator':
    case undefined:
      return findings.refuse(
        path,
        `what the policy ${policy} checks is not known`,
        'say it by argument rules, budgets and the window, or name the contract (contracts) if it is a known one elsewhere',
      )
  }
}

function readUniversalAction(findings: Findings, path: string, data: Hex): PolicyTerms | undefined {
  const decoded = decodeOrNothing(UNIVERSAL_ACTION, data)
  if (!decoded) return undefined
  const [{ valueLimitPerUse, paramRules }] = decoded
  const { length, rules } = paramRules
  if (length > 16n) return undefined
  if (length === 0n) {
    findings.refuse(
      path,
      'a universal action without rules refuses every call: the contract takes it for unset',
      'drop it and limit the value otherwise, or give it a rule',
    )
  }
  const words = rules.slice(0, Number(length)).flatMap((rule, i) => {
    const place = `${path}.rules[${i}]`
    if (rule.isLimited) {
      findings.refuse(
        place,
        `a total of ${rule.usage.limit} over the argument at byte ${rule.offset}`,
        'if it is the amount of an ERC-20, use a spending limit (a budget); else bound each call',
      )
    }
    if (rule.offset % 32n !== 0n || rule.offset > 255n * 32n) {
      findings.refuse(
        place,
        `a rule about byte ${rule.offset} of the arguments`,
        'rules here are about whole words: a multiple of 32, at most 8160',
      )
      return []
    }
    const ranges = rangesOfRule(rule.condition, BigInt(rule.ref))
    if (!ranges) {
      findings.refuse(place, `the condition ${rule.condition}, which is unknown`, 'use 0 to 6')
    }
    return [{ index: Number(rule.offset / 32n), ranges: ranges ?? EVERY }]
  })
  return { kind: 'universalAction', valueLimit: valueLimitPerUse, words }
}

function rangesOfRule(condition: number, reference: bigint): readonly Range[] | undefined {
  if (condition === IN_RANGE) return span(reference >> 128n, reference & (2n ** 128n - 1n))
  const relation = RELATIONS[condition]
  return relation && rangesOf(relation, reference)
}
