import { type Grant, grantFromText, grantToText } from 'smart-session'
import { type Address, isAddressEqual } from 'viem'

const KEPT = 'smart-session.desk.sessions'
/** Sessions; the oldest make room. */
const MOST = 50

/** Returns the sessions of an account that were signed here or brought before. No event tells of a
 * signed session until it is used, so this browser keeps its text. */
export function keptGrants(module: Address, account: Address): Grant[] {
  return texts().flatMap((text) => {
    try {
      const grant = grantFromText(text)
      const isOwn =
        isAddressEqual(grant.module, module) && isAddressEqual(grant.session.account, account)
      return isOwn ? [grant] : []
    } catch {
      return []
    }
  })
}

/** Keeps a session. */
export function keepGrant(grant: Grant): void {
  const text = grantToText(grant)
  const others = texts().filter((other) => other !== text)
  localStorage.setItem(KEPT, JSON.stringify([...others, text].slice(-MOST)))
}

function texts(): string[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(KEPT) ?? '[]')
    return Array.isArray(kept) ? kept.filter((one) => typeof one === 'string') : []
  } catch {
    return []
  }
}
