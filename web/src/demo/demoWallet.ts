import {
  type EIP1193Provider,
  type Hex,
  type TypedDataDefinition,
  createWalletClient,
  hexToBigInt,
  http,
} from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { getChainId } from 'viem/actions'
import { askToSign } from './signDialog.ts'

const ICON =
  'data:image/svg+xml,%3Csvg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"%3E%3Ccircle cx="16" cy="16" r="15" fill="%23c2410c"/%3E%3Ctext x="16" y="22" font-size="17" font-family="sans-serif" text-anchor="middle" fill="white"%3EA%3C/text%3E%3C/svg%3E'

/** Announces a wallet for the demonstration's owner (EIP-6963). It shows what it signs and asks, as
 * a wallet does, but its key is known to everyone. */
export function announceDemoWallet(rpc: string, { name, key }: { name: string; key: Hex }): void {
  const account = privateKeyToAccount(key)
  const client = createWalletClient({ account, transport: http(rpc) })
  const answers: { [method: string]: (params: readonly unknown[]) => Promise<unknown> } = {
    eth_requestAccounts: async () => [account.address],
    eth_accounts: async () => [account.address],
    async eth_signTypedData_v4([, text]) {
      const typedData = JSON.parse(text as string) as TypedDataDefinition
      await askToSign(name, `Sign ${typedData.primaryType}`, {
        domain: typedData.domain,
        [typedData.primaryType]: typedData.message,
      })
      return account.signTypedData(typedData)
    },
    async personal_sign([message]) {
      await askToSign(name, 'Sign a message', { message })
      return account.signMessage({ message: { raw: message as Hex } })
    },
    async eth_sendTransaction([sent]) {
      const { to, data, value, gas } = sent as { [field: string]: Hex | undefined }
      await askToSign(name, 'Send a transaction', { to, data, value: value ?? '0x0' })
      const number = (hex: Hex | undefined) => (hex === undefined ? undefined : hexToBigInt(hex))
      const call = { to, data, value: number(value), gas: number(gas), chain: null }
      return client.sendTransaction(call as never)
    },
    eth_chainId: async () => `0x${(await getChainId(client)).toString(16)}`,
  }
  const provider = {
    async request({ method, params = [] }: { method: string; params?: readonly unknown[] }) {
      const answer = answers[method]
      if (answer !== undefined) return answer(params)
      return client.request({ method, params } as never)
    },
    on() {},
    removeListener() {},
  } as unknown as EIP1193Provider
  const info = {
    uuid: 'b6a0a1fe-5a3c-4d0e-9a66-6f1d7c0e4c11',
    name: `${name}’s demo wallet`,
    icon: ICON,
    rdns: 'localhost.smart-session.demo',
  }
  const announce = () => {
    const detail = Object.freeze({ info, provider })
    window.dispatchEvent(new CustomEvent('eip6963:announceProvider', { detail }))
  }
  window.addEventListener('eip6963:requestProvider', announce)
  announce()
}
