// A chain with the EntryPoint, the module, a game and what accounts are made of.

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { brotliCompressSync, constants } from 'node:zlib'
import {
  type Abi,
  type Address,
  type Hex,
  bytesToHex,
  concat,
  createPublicClient,
  createWalletClient,
  defineChain,
  encodeDeployData,
  encodeFunctionData,
  http,
  numberToHex,
  parseAbi,
  parseEther,
} from 'viem'
import { createBundlerClient } from 'viem/account-abstraction'
import { privateKeyToAccount } from 'viem/accounts'
import { path } from '../repository.js'
import { entryPointBundler } from './entryPointBundler.js'
import { MODULE_WASM, startBundler, startChain } from './processes.js'

const DEPLOYER: Address = '0x4e59b44847b379578588920cA78FbF26c0B4956C'
const ARB_WASM: Address = '0x0000000000000000000000000000000000000071'
const ARB_WASM_ABI = parseAbi([
  'function activateProgram(address program) payable returns (uint16 version, uint256 dataFee)',
])

type Artifact = { abi: Abi; bytecode: Hex; salt?: Hex; address?: Address }

function artifact(name: string): Artifact {
  return JSON.parse(readFileSync(path(`tests/fixtures/build/${name}.json`), 'utf8'))
}

/** The game that is played. */
export const GAME_ABI = artifact('Game').abi

export type Stage = Awaited<ReturnType<typeof setStage>>

/** Starts the chain and deploys everything.
 *
 * @param withAlto whether the bundler alto is started too; else operations go to the EntryPoint. */
export async function setStage({ withAlto }: { withAlto: boolean }) {
  const node = await startChain()
  const [deployerKey, executor, utility] = node.keys as [Hex, Hex, Hex]
  const transport = http(node.url)
  const chain = defineChain({
    id: await createPublicClient({ transport }).getChainId(),
    name: 'devchain',
    nativeCurrency: { name: 'Ether', symbol: 'ETH', decimals: 18 },
    rpcUrls: { default: { http: [node.url] } },
  })
  const client = createPublicClient({ chain, transport, pollingInterval: 100 })
  const account = privateKeyToAccount(deployerKey)
  const wallet = createWalletClient({ account, chain, transport })

  const send = async (
    transaction: { to?: Address; data?: Hex; value?: bigint },
    key: Hex = deployerKey,
  ) => {
    const account = privateKeyToAccount(key)
    const hash = await wallet.sendTransaction({ account, ...transaction } as never)
    const receipt = await client.waitForTransactionReceipt({ hash })
    assert.equal(receipt.status, 'success', `to ${transaction.to ?? 'a new contract'}`)
    return receipt
  }
  const create = async (data: Hex): Promise<Address> => {
    const { contractAddress } = await send({ data })
    assert.ok(contractAddress)
    return contractAddress
  }
  /** Deploys a fixture; what others compiled has no ABI, its arguments come encoded. */
  const deploy = (name: string, encoded: Hex = '0x', args: unknown[] = []) => {
    const { abi, bytecode } = artifact(name)
    const data = abi.length > 0 ? encodeDeployData({ abi, bytecode, args }) : bytecode
    return create(concat([data, encoded]))
  }

  const { salt, bytecode, address: entryPoint } = artifact('EntryPointV07')
  assert.ok(salt && entryPoint)
  await send({ to: DEPLOYER, data: concat([salt, bytecode]) })
  assert.ok(await client.getCode({ address: entryPoint }), 'the EntryPoint is at its address')

  const module = await create(programInitCode())
  const activate = { abi: ARB_WASM_ABI, args: [module] } as const
  await send({ to: ARB_WASM, data: encodeFunctionData(activate), value: parseEther('0.1') })

  const game = await deploy('Game')
  const ownerValidator = await deploy('WalletOwnerValidator')
  const alto = withAlto ? await startBundler(node, entryPoint, { executor, utility }) : undefined
  const bring = async (transaction: { to: Address; data: Hex }) =>
    (await send(transaction, executor)).transactionHash
  const bundler = createBundlerClient({
    client,
    transport: alto ? http(alto.url) : entryPointBundler(client as never, entryPoint, bring),
    pollingInterval: 100,
    userOperation: {
      async estimateFeesPerGas() {
        const { baseFeePerGas } = await client.getBlock()
        const maxPriorityFeePerGas = 1_000_000n
        return {
          maxFeePerGas: (baseFeePerGas ?? 0n) * 2n + maxPriorityFeePerGas,
          maxPriorityFeePerGas,
        }
      },
    },
  })
  const stop = async () => {
    await alto?.stop()
    await node.stop()
  }
  const deployer = privateKeyToAccount(deployerKey).address
  const contracts = { entryPoint, module, game, ownerValidator }
  return { client, wallet, bundler, send, deploy, deployer, ...contracts, stop }
}

/** Init code that leaves the module's compressed WASM behind, as Stylus wants it. */
function programInitCode(): Hex {
  const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_LGWIN]: 22 }
  const compressed = brotliCompressSync(readFileSync(MODULE_WASM), { params })
  const code = concat(['0xeff00000', bytesToHex(compressed)])
  const length = (code.length - 2) / 2
  // PUSH2 length, DUP1, PUSH1 10, RETURNDATASIZE, CODECOPY, RETURNDATASIZE, RETURN
  return concat(['0x61', numberToHex(length, { size: 2 }), '0x80600a3d393df3', code])
}
