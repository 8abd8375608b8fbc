import {
  type Address,
  type ContractFunctionArgs,
  type ContractFunctionName,
  type Hash,
  type Hex,
  encodeFunctionData,
} from 'viem'
import { smartSessionAbi } from './abi.js'
import type { Delegate } from './delegate.js'
import { packSession } from './packed.js'
import type { Session } from './session.js'
import { revokeDigest, sessionId } from './typed-data.js'

/** A call of the module. Who must make it, each function says. */
export type ModuleCall = { to: Address; data: Hex }

type Abi = typeof smartSessionAbi
type Name = ContractFunctionName<Abi, 'nonpayable'>

function call<const N extends Name>(
  module: Address,
  functionName: N,
  args: ContractFunctionArgs<Abi, 'nonpayable', N>,
): ModuleCall {
  return {
    to: module,
    data: encodeFunctionData({ abi: smartSessionAbi, functionName, args } as never),
  }
}

/** Returns the call by which an account enables a session itself.
 *
 * @throws {@link SessionRefused} if a field of the session does not fit its type. */
export function enableCall(module: Address, session: Session): ModuleCall {
  return call(module, 'enable', [packSession(session)])
}

/** Returns the call by which anyone enables a session with the owner's signature of it.
 *
 * @throws {@link SessionRefused} if a field of the session does not fit its type. */
export function relayEnableCall(
  module: Address,
  session: Session,
  ownerSignature: Hex,
): ModuleCall {
  return call(module, 'enable', [session.account, packSession(session), ownerSignature])
}

/** Returns the call by which an account ends a session for good, also one never enabled. */
export function revokeCall(module: Address, sessionId: Hash): ModuleCall {
  return call(module, 'revoke', [sessionId])
}

/** Returns the call by which anyone ends a session with the owner's signature of
 * {@link revokeTypedData}. */
export function relayRevokeCall(
  module: Address,
  account: Address,
  sessionId: Hash,
  ownerSignature: Hex,
): ModuleCall {
  return call(module, 'revokeFor', [account, sessionId, ownerSignature])
}

/** Returns the call by which a secp256k1 delegate ends its own session: it must make it itself. */
export function renounceCall(module: Address, session: Session): ModuleCall {
  return call(module, 'revoke', [session.account, packSession(session), '0x'])
}

/** Returns the call by which anyone ends a session with the delegate's signature, which is asked
 * for here. For every kind of key. */
export async function relayRenounceCall(
  module: Address,
  session: Session,
  delegate: Delegate,
): Promise<ModuleCall> {
  const signature = await delegate.sign(revokeDigest(module, session.account, sessionId(session)))
  return call(module, 'revoke', [session.account, packSession(session), signature])
}

/** Returns the call by which an account ends all its sessions on this chain. */
export function revokeAllCall(module: Address): ModuleCall {
  return call(module, 'revokeAll', [])
}

/** Returns the call by which anyone ends all sessions of an account on this chain, with the owner's
 * signature of {@link revokeAllTypedData}. */
export function relayRevokeAllCall(
  module: Address,
  account: Address,
  ownerSignature: Hex,
): ModuleCall {
  return call(module, 'revokeAll', [account, ownerSignature])
}
