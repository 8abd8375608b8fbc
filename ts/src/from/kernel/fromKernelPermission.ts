import { size, slice } from 'viem'
import { delegateAddress } from '../../accounts/delegateAddress.js'
import { DELEGATE_KIND } from '../../session/session.js'
import { finishDraft } from '../finishDraft.js'
import type { ImportTerms, Imported } from '../imported.js'
import { type SessionDraft, startDraft } from '../sessionDraft.js'
import {
  type KernelContracts,
  type KernelEntry,
  type KernelPermission,
  readEntries,
} from './kernelPermission.js'
import { readCallPolicy } from './readCallPolicy.js'
import {
  readGasPolicy,
  readRateLimit,
  readRateLimitWithReset,
  readTimestampPolicy,
} from './readLimits.js'

/** Returns the session that says what a permission of Kernel says.
 *
 * `contracts` names contracts that stand elsewhere than ZeroDev's. Never throws for what is in the
 * input: everything that has no equal is in `refusals`, all at once. */
export function fromKernelPermission(
  permission: KernelPermission,
  terms: ImportTerms,
  contracts: KernelContracts = {},
): Imported {
  const draft = startDraft(terms, { path: 'policies', who: 'anybody' })
  const entries = readEntries(draft.findings, permission, contracts)
  const signer = entries.at(-1)
  const policies = entries.slice(0, -1)
  if (signer) draft.delegate = readSigner(draft, signer)
  refuseTwins(draft, policies)
  for (const policy of policies) readPolicy(draft, policy)
  if (
    signer &&
    !policies.some(({ kind, isForOperations }) => kind === 'callPolicy' && isForOperations)
  ) {
    draft.findings.refuse(
      'policies',
      'every call of every target: no call policy is asked about operations',
      'add a call policy that names each target and function',
    )
  }
  draft.findings.narrower('', 'signing messages of any app (ERC-1271)', 'signing nothing')
  return finishDraft(draft)
}

function readPolicy(draft: SessionDraft, policy: KernelEntry): void {
  const { path, kind, contract } = policy
  // It says nothing of operations, and messages are not imported at all.
  if (!policy.isForOperations) return
  switch (kind) {
    case 'sudoPolicy':
    case 'signatureCallerPolicy':
      return
    case 'callPolicy':
      return readCallPolicy(draft, policy)
    case 'gasPolicy':
      return readGasPolicy(draft, policy)
    case 'timestampPolicy':
      return readTimestampPolicy(draft, policy)
    case 'rateLimitPolicy':
      return readRateLimit(draft, policy)
    case 'rateLimitWithResetPolicy':
      return readRateLimitWithReset(draft, policy)
    case 'ecdsaSigner':
    case 'webAuthnSigner':
    case undefined:
      return draft.findings.refuse(
        path,
        `what the policy ${contract} checks is not known`,
        'use the policies of @zerodev/permissions 5 (call policy 0.0.4 or 0.0.5), or name the contract (contracts)',
      )
  }
}

/** A policy contract keeps one set of data for a permission: a second one cannot be enabled. */
function refuseTwins(draft: SessionDraft, policies: readonly KernelEntry[]): void {
  policies.forEach(({ path, contract }, i) => {
    if (!policies.slice(0, i).some((other) => other.contract === contract)) return
    draft.findings.refuse(path, 'the same policy contract twice', 'keep the one that is meant')
  })
}

function readSigner(draft: SessionDraft, signer: KernelEntry): SessionDraft['delegate'] {
  const { findings } = draft
  const { path, kind, data, contract, isForOperations } = signer
  if (!isForOperations) {
    findings.refuse(path, 'a permission that no operation may use (its flag)', 'use flag 0x0000')
  }
  if (kind === 'ecdsaSigner' && size(data) === 20) {
    findings.same(path, `the key of ${data} signs`, `the delegate ${data}, secp256k1`)
    return { address: data, kind: DELEGATE_KIND.secp256k1 }
  }
  if (kind === 'webAuthnSigner' && size(data) === 3 * 32) {
    const address = delegateAddress(slice(data, 0, 64))
    findings.same(path, 'one passkey signs', `the delegate ${address}, the same passkey`)
    return { address, kind: DELEGATE_KIND.webAuthn }
  }
  return findings.refuse(
    path,
    `how the signer ${contract} checks signatures is not known`,
    'let one secp256k1 key or one passkey act',
  )
}
