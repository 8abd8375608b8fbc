import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import test from 'node:test'
import {
  type ModuleCall,
  enableCall,
  packSession,
  revokeAllCall,
  revokeCall,
  sessionId,
  smartSessionAbi,
} from 'smart-session'
import { type Abi, decodeFunctionData, parseAbi } from 'viem'
import { MODULE, game } from './sessions.js'

test('the interface is the one that the contract declares', async () => {
  const source = await readFile(new URL('../../crates/core/src/abi.rs', import.meta.url), 'utf8')

  assert.deepEqual(describe(smartSessionAbi), describe(declared(source)))
})

/** The interface `ISmartSession` of the Rust source, with the structs it uses. */
function declared(source: string): Abi {
  const text = source.replace(/\/\/.*$/gm, '').replace(/\s+/g, ' ')
  const [, body = ''] = /interface ISmartSession \{(.*?)\} \}/.exec(text) ?? []
  const structs = text.match(/struct (PackedUserOperation) \{.*?\}/g) ?? []
  const items = body
    .split(';')
    .map((item) => item.trim().replaceAll('( ', '(').replaceAll(' )', ')'))
  return parseAbi([...structs, ...items.filter((item) => item !== '')] as never) as Abi
}

/** What matters of an interface, sorted: everything but whether a function only reads. */
function describe(abi: Abi): string[] {
  return abi
    .map((item) => JSON.stringify({ ...item, stateMutability: undefined }, sortedKeys))
    .sort()
}

function sortedKeys(_: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
}

test('an account calls the module with what it signed', () => {
  const id = sessionId(game)
  const read = ({ to, data }: ModuleCall) => {
    assert.equal(to, MODULE)
    return decodeFunctionData({ abi: smartSessionAbi, data })
  }

  const enable = { functionName: 'enable', args: [packSession(game)] }
  assert.deepEqual(read(enableCall(MODULE, game)), enable)
  assert.deepEqual(read(revokeCall(MODULE, id)), { functionName: 'revoke', args: [id] })
  assert.deepEqual(read(revokeAllCall(MODULE)), { functionName: 'revokeAll', args: undefined })
})
