import type { Address, Client } from 'viem'
import { readContract } from 'viem/actions'
import { functionsAbi } from '../abi/functions.js'

/** Asks the module for an account's epoch, which new sessions must name. */
export function readEpoch(client: Client, module: Address, account: Address): Promise<bigint> {
  return readContract(client, {
    address: module,
    abi: functionsAbi,
    functionName: 'epoch',
    args: [account],
  })
}
