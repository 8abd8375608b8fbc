import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import test from 'node:test'
import { type Abi, toEventSelector, toFunctionSelector } from 'viem'
import { read, repository } from '../repository.js'
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
