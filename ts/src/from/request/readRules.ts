import { type Address, isAddressEqual } from 'viem'
import { tell } from '../findings.js'
import { type SessionDraft, endWith } from '../sessionDraft.js'
import { type PermissionRequest, FIELDS } from './permissionRequest.js'
import { refuseUnknown } from './refuseUnknown.js'

/** Reads the rules of a request, and returns who may be paid, if it says so.
 *
 * A rule that is not known may restrict anything, so it is refused. */
export function readRules(draft: SessionDraft, request: Partial<PermissionRequest>): Address[] | undefined {
  const { findings } = draft
  let payees: Address[] | undefined
  findings.list('rules', request.rules ?? []).forEach((rule, i) => {
    const path = `rules[${i}]`
    refuseUnknown(draft, path, rule, FIELDS.rule)
    const known = rule?.type === 'expiry' ? 'timestamp' : 'addresses'
    refuseUnknown(draft, `${path}.data`, rule?.data, [known])
    switch (rule?.type) {
      case 'expiry':
        return readExpiry(draft, `${path}.data.timestamp`, rule.data?.['timestamp'])
      case 'payee': {
        const named = readAddresses(draft, `${path}.data.addresses`, rule.data?.['addresses'])
        payees = (payees ?? named).filter((each) =>
          named.some((other) => isAddressEqual(each, other)),
        )
        return
      }
      case 'redeemer': {
        const place = `${path}.data.addresses`
        const redeemers = readAddresses(draft, place, rule.data?.['addresses'])
        if (redeemers.some((each) => each === draft.delegate?.address)) return
        return void findings.refuse(
          place,
          'the one who asks (to) may not redeem it',
          'name it among the redeemers, or let the redeemer ask',
        )
      }
      default:
        return void findings.refuse(
          `${path}.type`,
          `the rule ${tell(rule?.type)}, which is not known`,
          'use expiry, payee and redeemer',
        )
    }
  })
  if (payees?.length === 0) {
    findings.refuse('rules', 'nobody may be paid by all rules "payee"', 'keep one of them')
  }
  return payees
}

/** The permission has ended at the timestamp; a session ends with its last second. */
function readExpiry(draft: SessionDraft, path: string, timestamp: unknown): void {
  const moment = draft.findings.whole(path, timestamp, 64)
  if (moment === undefined) return
  if (moment === 0n) {
    return void draft.findings.refuse(path, 'it has ended before it begins', 'give a later moment')
  }
  endWith(draft, moment - 1n)
  draft.findings.same(path, `before ${moment}`, `until ${moment - 1n}, included`)
}

function readAddresses({ findings }: SessionDraft, path: string, value: unknown): Address[] {
  const list = findings.list(path, value as readonly unknown[] | undefined)
  return list.flatMap((each, i) => findings.address(`${path}[${i}]`, each) ?? [])
}
