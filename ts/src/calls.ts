import { type Address, type Hash, type Hex, encodeFunctionData } from 'viem'
import { smartSessionAbi } from './abi.js'
import { packSession } from './packed.js'
import type { Session } from './session.js'

/** A call of the module that an account makes: one of the `calls` of its owner's operation. */
export type ModuleCall = { to: Address; data: Hex }

/** Returns the call by which an account enables a session.
 *
 * @throws {@link SessionRefused} if a field of the session does not fit its type. */
export function enableCall(module: Address, session: Session): ModuleCall {
  const args = [packSession(session)] as const
  return {
    to: module,
    data: encodeFunctionData({ abi: smartSessionAbi, functionName: 'enable', args }),
  }
}

/** Returns the call by which an account ends a session for good, also one never enabled. */
export function revokeCall(module: Address, sessionId: Hash): ModuleCall {
  const args = [sessionId] as const
  return {
    to: module,
    data: encodeFunctionData({ abi: smartSessionAbi, functionName: 'revoke', args }),
  }
}

/** Returns the call by which an account ends all its sessions on this chain. */
export function revokeAllCall(module: Address): ModuleCall {
  return {
    to: module,
    data: encodeFunctionData({ abi: smartSessionAbi, functionName: 'revokeAll' }),
  }
}
