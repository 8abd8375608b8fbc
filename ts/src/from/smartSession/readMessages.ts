import { type Hex, keccak256, toHex } from 'viem'
import type { SigningScope } from '../../session/session.js'
import { tell } from '../findings.js'
import { type SessionDraft, beginAt, endWith } from '../sessionDraft.js'
import { refuseUnset } from './applyTimeFrame.js'
import { readPolicies } from './readPolicies.js'
import type { SmartSession, SmartSessionContracts } from './smartSession.js'

/** An EIP-712 type text with its members: one struct, then those that it refers to. */
const TYPE_TEXT = /^[A-Z_$][\w$]*\([^()]*\)(?:[A-Za-z_$][\w$]*\([^()]*\))*$/

/** Reads what may be signed through ERC-1271. */
export function readMessages(
  draft: SessionDraft,
  source: SmartSession['erc7739Policies'] | undefined,
  contracts: SmartSessionContracts,
): void {
  const { findings } = draft
  const path = 'erc7739Policies.allowedERC7739Content'
  const contents = findings.list(path, source?.allowedERC7739Content)
  const place = 'erc7739Policies.erc1271Policies'
  const policies = readPolicies(findings, place, source?.erc1271Policies, contracts)
  if (source?.erc1271Policies?.length === 0) {
    if (contents.length > 0) findings.same(path, 'nothing: no policy for signatures', 'nothing')
    return
  }
  if (contents.length === 0) return
  for (const policy of policies) {
    if (policy.kind === 'sudo') continue
    if (policy.kind !== 'timeFrame') {
      findings.refuse(
        policy.path,
        'a policy that is no policy for signatures: none would pass',
        'let nothing be signed (allowedERC7739Content: []), or use sudo or a time frame',
      )
      continue
    }
    if (policy.validAfter === 0n && policy.validUntil === 0n) {
      refuseUnset(draft, policy.path)
      continue
    }
    // For signatures the contract excludes the last second that user operations have.
    beginAt(draft, policy.validAfter)
    if (policy.validUntil !== 0n) endWith(draft, policy.validUntil - 1n)
    const words = `signatures from ${policy.validAfter} on, before ${policy.validUntil}`
    findings.narrower(policy.path, words, 'the whole session in that time')
  }
  contents.forEach((content, i) => {
    const at = `${path}[${i}]`
    const domain = findings.bytes(`${at}.appDomainSeparator`, content?.appDomainSeparator, 32)
    findings.list(`${at}.contentName`, content?.contentName).forEach((name, j) => {
      if (domain) readContent(draft, `${at}.contentName[${j}]`, domain, name)
    })
  })
}

function readContent(draft: SessionDraft, path: string, domainSeparator: Hex, name: string): void {
  if (typeof name !== 'string' || !TYPE_TEXT.test(name)) {
    draft.findings.refuse(
      path,
      'messages of a type whose members are not said: any struct of that name could be signed',
      'give the whole type text, as in Permit(address owner,uint256 value)',
    )
    return
  }
  const typeHash = keccak256(toHex(name))
  const isTwin = (scope: SigningScope) =>
    scope.domainSeparator === domainSeparator && scope.typeHash === typeHash
  if (draft.signing.some(isTwin)) return
  draft.signing.push({ domainSeparator, typeHash, rules: [] })
  draft.signingPaths.push(path)
  draft.findings.narrower(
    path,
    `any content that says it is ${tell(name)}`,
    'messages of exactly this type, hashed by the module itself',
  )
}
