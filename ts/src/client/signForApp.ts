import { type Hash, type Hex, type TypedDataDefinition, hashTypedData } from 'viem'
import type { SmartAccount } from 'viem/account-abstraction'
import { getEip712Domain } from 'viem/actions'
import type { AccountKind } from '../accountKind.js'
import { accountSignature } from '../accounts/accountSignature.js'
import { coverMessage } from '../operation/coverMessage.js'
import { draftSignature } from '../operation/draftSignature.js'
import { messageHash } from '../operation/messageHash.js'
import { readMessage } from '../operation/readMessage.js'
import { sealSignature } from '../operation/sealSignature.js'
import { signatureDigest } from '../operation/signatureDigest.js'
import type { SessionAccountTerms } from './sessionAccountTerms.js'
import type { SessionSigner } from './sessionSigner.js'

/** Signs an app's typed data within a session, as the account's `isValidSignature` takes it. */
export async function signForApp(
  { account, module, session, delegate }: SessionAccountTerms,
  { kind, chainId }: Pick<SessionSigner, 'kind' | 'chainId'>,
  typedData: TypedDataDefinition,
): Promise<Hex> {
  const message = readMessage(typedData)
  const shown = { chainId, permissions: [], signing: [coverMessage(session, message)] }
  const draft = draftSignature(session, message, shown)
  const asked = await askedHash(account, kind, messageHash(message))
  const signature = await delegate.sign(signatureDigest(module, draft, asked))
  return accountSignature(kind, module, sealSignature(draft, signature))
}

/** What an account asks its validators about when it is asked about a hash. */
async function askedHash(account: SmartAccount, kind: AccountKind, hash: Hash): Promise<Hash> {
  if (kind !== 'kernel') return hash
  const { domain } = await getEip712Domain(account.client, { address: account.address })
  const { name, version, chainId, verifyingContract } = domain
  return hashTypedData({
    // The zero salt that the account names is not part of its domain.
    domain: { name, version, chainId, verifyingContract },
    types: { Kernel: [{ name: 'hash', type: 'bytes32' }] },
    primaryType: 'Kernel',
    message: { hash },
  })
}
