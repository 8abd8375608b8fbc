import assert from 'node:assert/strict'
import test from 'node:test'
import {
  type ModuleCall,
  relayRenounceCall,
  renounceCall,
  secp256k1Delegate,
  sessionId,
} from 'smart-session'
import { packSession, smartSessionAbi } from 'smart-session/format'
import {
  enableCall,
  relayEnableCall,
  relayRevokeAllCall,
  relayRevokeCall,
  revokeAllCall,
  revokeCall,
  revokeTypedData,
} from 'smart-session/owner'
import { type Abi, type Hex, decodeFunctionData, hashTypedData, recoverAddress } from 'viem'
import { declaredAbi } from '../documents/interface.js'
import { ALICE, MODULE, game } from '../sessions.js'

test('the interface is the one that the contract declares', () => {
  assert.deepEqual(describe(smartSessionAbi), describe(declaredAbi()))
})

/** What matters of an interface, sorted: all but the structs' names and what only reads. */
function describe(abi: Abi): string[] {
  return abi
    .map((item) => JSON.stringify({ ...item, stateMutability: undefined }, sortedKeys))
    .map((item) => item.replace(/"internalType":"[^"]*",?/g, ''))
    .sort()
}

function sortedKeys(_: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
}

const read = ({ to, data }: ModuleCall) => {
  assert.equal(to, MODULE)
  const { functionName, args } = decodeFunctionData({ abi: smartSessionAbi, data })
  const lower = args?.map((arg) => (typeof arg === 'string' ? arg.toLowerCase() : arg))
  return [functionName, ...(lower ?? [])]
}

test('an account calls the module with what it signed', () => {
  const id = sessionId(game)

  assert.deepEqual(read(enableCall(MODULE, game)), ['enable', packSession(game)])
  assert.deepEqual(read(revokeCall(MODULE, id)), ['revoke', id])
})

test('revoking all takes a new salt each time', () => {
  const salts = [1, 2].map(() => {
    const [name, salt] = read(revokeAllCall(MODULE))
    assert.equal(name, 'revokeAll')
    return salt
  })

  for (const salt of salts) assert.match(String(salt), /^0x[0-9a-f]{64}$/)
  assert.notEqual(salts[0], salts[1])
})

test('anyone calls the module with the owner signature', () => {
  const [id, packed] = [sessionId(game), packSession(game)]

  assert.deepEqual(read(relayEnableCall(MODULE, game, '0x0e')), ['enable', ALICE, packed, '0x0e'])
  assert.deepEqual(read(relayRevokeCall(MODULE, ALICE, id, '0x0e')), [
    'revokeFor',
    ALICE,
    id,
    '0x0e',
  ])
  assert.deepEqual(read(relayRevokeAllCall(MODULE, ALICE, id, '0x0e')), [
    'revokeAll',
    ALICE,
    id,
    '0x0e',
  ])
})

test('a delegate ends its session itself, or signs that anyone may', async () => {
  const key = secp256k1Delegate(`0x${'07'.repeat(32)}`)
  const hash = hashTypedData(revokeTypedData(MODULE, ALICE, sessionId(game)))
  const packed = packSession(game)

  assert.deepEqual(read(renounceCall(MODULE, game)), ['revoke', ALICE, packed, '0x'])
  const relayed = read(await relayRenounceCall(MODULE, game, key))
  assert.deepEqual(relayed.slice(0, 3), ['revoke', ALICE, packed])
  assert.equal(await recoverAddress({ hash, signature: relayed[3] as Hex }), key.address)
})
