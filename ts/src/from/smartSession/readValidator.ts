import { type Address, parseAbiParameters, size, slice } from 'viem'
import { delegateAddress } from '../../accounts/delegateAddress.js'
import { DELEGATE_KIND } from '../../session/session.js'
import { contractAt } from '../contractBook.js'
import { decodeOrNothing } from '../decodeOrNothing.js'
import type { Findings } from '../findings.js'
import type { SessionDraft } from '../sessionDraft.js'
import { type SmartSession, type SmartSessionContracts, CONTRACTS } from './smartSession.js'

const OWNERS = parseAbiParameters('uint256 threshold, address[] owners')

/** Reads who acts: the one owner of an OwnableValidator, or the passkey of a WebAuthn validator. */
export function readValidator(
  findings: Findings,
  session: SmartSession,
  contracts: SmartSessionContracts,
): SessionDraft['delegate'] {
  const validator = findings.address('sessionValidator', session.sessionValidator)
  const path = 'sessionValidatorInitData'
  const data = findings.bytes(path, session.sessionValidatorInitData)
  if (!validator || !data) return undefined
  const kind = contractAt([CONTRACTS, contracts], validator)
  if (kind === 'ownableValidator') {
    const [threshold, owners = []] = decodeOrNothing(OWNERS, data) ?? []
    const owner = owners[0]?.toLowerCase() as Address | undefined
    if (threshold !== 1n || owners.length !== 1 || !owner) return refuseSeveral(findings, path)
    findings.same(path, `the key of ${owner} signs`, `the delegate ${owner}, secp256k1`)
    return { address: owner, kind: DELEGATE_KIND.secp256k1 }
  }
  if (kind === 'webAuthnValidator') {
    if (size(data) !== 3 * 32) {
      return findings.refuse(path, 'not one passkey (x, y, authenticator)', 'name one passkey')
    }
    const address = delegateAddress(slice(data, 0, 64))
    findings.same(path, 'one passkey signs', `the delegate ${address}, the same passkey`)
    return { address, kind: DELEGATE_KIND.webAuthn }
  }
  return findings.refuse(
    'sessionValidator',
    `how ${validator} checks signatures is not known`,
    'let one secp256k1 key or one passkey act',
  )
}

function refuseSeveral(findings: Findings, path: string): undefined {
  findings.refuse(
    path,
    'several keys, or a threshold: a session has one delegate',
    'grant a session to each key, or let the delegate be one key',
  )
}
