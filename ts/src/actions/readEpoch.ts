import type { Address, Client } from 'viem'
import { readContract } from 'viem/actions'
import { viewsAbi } from '../abi/views.js'

/** Asks the module for an account's epoch, which new sessions must name. */
export function readEpoch(client: Client, module: Address, account: Address): Promise<bigint> {
  return readContract(client, {
    address: module,
    abi: viewsAbi,
    functionName: 'epoch',
    args: [account],
  })
}
