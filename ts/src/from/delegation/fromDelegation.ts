import { type Address, isAddressEqual } from 'viem'
import { DELEGATE_KIND, PLAIN_TRANSFER } from '../../session/session.js'
import { contractAt } from '../contractBook.js'
import { finishDraft } from '../finishDraft.js'
import type { ImportTerms, Imported } from '../imported.js'
import { type SessionDraft, startDraft } from '../sessionDraft.js'
import { type Calls, allowTargets, everyCall, grantCalls } from './calls.js'
import { type Delegation, type Enforcers, ENFORCERS, UNSAYABLE, isUnsayable } from './delegation.js'
import { readCaveat } from './readCaveat.js'

/** The delegate that stands for everybody. */
const ANY_DELEGATE: Address = '0x0000000000000000000000000000000000000a11'
/** The authority of a delegation that its delegator gives itself. */
const ROOT = `0x${'ff'.repeat(32)}`

/** Returns the session that says what a MetaMask delegation says.
 *
 * `enforcers` names enforcers that stand elsewhere than those of the framework 1.3.0. Never throws
 * for what is in the input: everything that has no equal is in `refusals`, all at once. */
export function fromDelegation(
  delegation: Delegation,
  terms: ImportTerms,
  enforcers: Enforcers = {},
): Imported {
  const draft = startDraft(terms, { path: 'delegate', who: 'anybody' })
  const { findings } = draft
  const delegate = readDelegate(draft, delegation)
  const calls = everyCall()
  findings.list('caveats', delegation.caveats).forEach((caveat, i) => {
    const path = `caveats[${i}]`
    const enforcer = findings.address(`${path}.enforcer`, caveat?.enforcer)
    const told = findings.bytes(`${path}.terms`, caveat?.terms)
    if (!enforcer || !told) return
    const name = contractAt([ENFORCERS, enforcers], enforcer)
    if (!name) {
      findings.refuse(
        path,
        `what the enforcer ${enforcer} checks is not known`,
        'say it by targets, functions, argument rules and budgets, or name the contract (enforcers)',
      )
    } else if (isUnsayable(name)) {
      const [meaning, remedy] = UNSAYABLE[name]
      findings.refuse(path, meaning, remedy)
    } else {
      readCaveat(draft, calls, name, { path, terms: told, delegate: delegate ?? ANY_DELEGATE })
    }
  })
  nameReceivers(draft, calls)
  grantCalls(draft, calls)
  return finishDraft(draft)
}

function readDelegate(draft: SessionDraft, delegation: Delegation): Address | undefined {
  const { findings, terms } = draft
  const delegator = findings.address('delegator', delegation.delegator)
  if (delegator && !isAddressEqual(delegator, terms.account)) {
    findings.refuse(
      'delegator',
      `it is of ${delegator}, the import is for ${terms.account}`,
      'import it for its own account',
    )
  }
  if (delegation.authority?.toLowerCase() !== ROOT) {
    findings.refuse(
      'authority',
      'it passes on a part of another delegation',
      'let the account grant this delegate a session of its own',
    )
  }
  const delegate = findings.address('delegate', delegation.delegate)
  if (!delegate) return undefined
  if (isAddressEqual(delegate, ANY_DELEGATE)) {
    return findings.refuse('delegate', 'everybody may redeem it', 'name one delegate')
  }
  findings.narrower(
    'delegate',
    `${delegate} acts, or whoever it delegates to further`,
    `${delegate} acts, by its secp256k1 key`,
  )
  draft.delegate = { address: delegate, kind: DELEGATE_KIND.secp256k1 }
  return delegate
}

/** Where transfers of native value may go to anybody, the client can name who may get it. */
function nameReceivers(draft: SessionDraft, calls: Calls): void {
  const { receivers } = draft.terms
  const isTransfer = calls.selectors?.length === 1 && calls.selectors[0] === PLAIN_TRANSFER
  if (calls.targets || !isTransfer || !receivers || receivers.length === 0) return
  allowTargets(calls, receivers)
  draft.findings.narrower('terms.receivers', 'transfers to anybody', 'only to the receivers named')
}
