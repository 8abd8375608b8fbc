import type { Address } from 'viem'
import { endingAbi } from '../abi/ending.js'
import { packSession } from '../session/packSession.js'
import type { Session } from '../session/session.js'
import { type ModuleCall, moduleCall } from './moduleCall.js'

/** Returns the call by which a secp256k1 delegate ends its own session: it must make it itself. */
export function renounceCall(module: Address, session: Session): ModuleCall {
  return moduleCall(module, endingAbi, 'revoke', [session.account, packSession(session), '0x'])
}
