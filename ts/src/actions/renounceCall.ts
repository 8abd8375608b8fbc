import type { Address } from 'viem'
import { renouncingAbi } from '../abi/renouncing.js'
import { packSession } from '../session/packSession.js'
import type { Session } from '../session/session.js'
import { type ModuleCall, moduleCall } from './moduleCall.js'

/** Returns the call by which a secp256k1 delegate ends its own session: it must make it itself. */
export function renounceCall(module: Address, session: Session): ModuleCall {
  return moduleCall(module, renouncingAbi, 'revoke', [session.account, packSession(session), '0x'])
}
