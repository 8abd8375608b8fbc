import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import test from 'node:test'
import {
  type Abi,
  type AbiEvent,
  type Hex,
  encodeAbiParameters,
  getAddress,
  pad,
  toEventSelector,
  toFunctionSelector,
} from 'viem'
import { path, read, repository } from '../repository.js'
import { abiJson, declaredAbi, soliditySource } from './interface.js'

const AGAIN = 'run: npm run interface --prefix ts'

test('the documents of the interface are those that its declaration gives', () => {
  assert.equal(read('docs/abi/SmartSession.json'), abiJson(), AGAIN)
  assert.equal(read('docs/abi/ISmartSession.sol'), soliditySource(), AGAIN)
})

const compiler = repository('tests/fixtures/node_modules/solc')
const skip = existsSync(compiler) ? false : 'solc is not installed: scripts/setup installs it'

test('the Solidity compiler reads the same interface', { skip }, () => {
  const solc = createRequire(repository('tests/fixtures/package.json'))('solc')
  const input = {
    language: 'Solidity',
    sources: { 'ISmartSession.sol': { content: read('docs/abi/ISmartSession.sol') } },
    settings: { outputSelection: { '*': { '*': ['abi'] } } },
  }
  const { errors = [], contracts } = JSON.parse(solc.compile(JSON.stringify(input)))
  const messages = errors.map((error: { formattedMessage: string }) => error.formattedMessage)
  assert.deepEqual(messages, [])
  const compiled: Abi = contracts['ISmartSession.sol']['ISmartSession'].abi

  assert.deepEqual(signatures(compiled), signatures(declaredAbi()))
  // The document has every key that the compiler writes, but for the names of the source's types.
  const withoutNames = (abi: unknown) =>
    JSON.parse(JSON.stringify(abi, (key, value) => (key === 'internalType' ? undefined : value)))
  const sorted = (abi: Abi) => abi.map((item) => JSON.stringify(item)).sort()
  assert.deepEqual(sorted(JSON.parse(abiJson())), sorted(withoutNames(compiled)))
})

const python = path('tests/fixtures/clients/venv/bin/python')
const noPython = existsSync(python) ? false : 'web3.py is not installed: scripts/setup --tests'

test("web3.py reads the module's events by the document", { skip: noPython }, () => {
  const module = getAddress(`0x${'5e'.repeat(20)}`)
  const account = getAddress(`0x${'a1'.repeat(20)}`)
  const delegate = getAddress('0xf00d000000000000000000000000000000000001')
  const id = `0x${'11'.repeat(32)}`
  const asTopic = (address: string) => pad(address.toLowerCase() as Hex)
  const decoded = (event: string, topics: string[], data: Hex) => {
    const topic = toEventSelector(declaredAbi().find((it) => it.type === 'event' && it.name === event) as AbiEvent)
    const script = path('tests/fixtures/clients/events.py')
    const abi = path('docs/abi/SmartSession.json')
    const log = [module, JSON.stringify([topic, ...topics]), data]
    const output = execFileSync(python, [script, abi, event, ...log])
    return JSON.parse(output.toString())
  }

  const session = encodeAbiParameters([{ type: 'bytes' }], ['0xc0ffee'])
  assert.deepEqual(decoded('SessionEnabled', [asTopic(account), id, asTopic(delegate)], session), {
    account,
    sessionId: id,
    delegate,
    session: '0xc0ffee',
  })
  const epochs = encodeAbiParameters([{ type: 'uint64' }, { type: 'uint64' }], [7n, 2n ** 64n - 1n])
  assert.deepEqual(decoded('EpochMoved', [asTopic(account)], epochs), {
    account,
    formerEpoch: '7',
    epoch: '18446744073709551615',
  })
})

/** Every item with its selector or topic, what is indexed, what only reads, what comes back. */
function signatures(abi: Abi): string[] {
  const types = (items: readonly { type: string; name?: string | undefined }[]) =>
    JSON.stringify(items.map(({ type, name }) => [type, name ?? '']))
  return abi
    .map((item) => {
      if (item.type === 'function') {
        const outputs = types(item.outputs)
        return `${toFunctionSelector(item)} ${item.stateMutability} ${types(item.inputs)} ${outputs}`
      }
      if (item.type === 'event') {
        const indexed = item.inputs.map(
          (input) => (input as { indexed?: boolean }).indexed ?? false,
        )
        return `${toEventSelector(item)} ${indexed.join()} ${types(item.inputs)}`
      }
      if (item.type === 'error') return `error ${item.name} ${types(item.inputs)}`
      return assert.fail(`the interface has a ${item.type}`)
    })
    .sort()
}
