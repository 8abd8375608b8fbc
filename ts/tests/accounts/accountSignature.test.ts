import assert from 'node:assert/strict'
import test from 'node:test'
import { accountSignature } from 'smart-session/format'
import { MODULE } from '../sessions.js'

const V = '5e'.repeat(20)

test('an ERC-1271 signature selects the module, each account in its way', () => {
  for (const kind of ['openzeppelin', 'msa', 'safe7579', 'nexus'] as const) {
    assert.equal(accountSignature(kind, MODULE, '0x0102'), `0x${V}0102`)
  }
  assert.equal(accountSignature('kernel', MODULE, '0x0102'), `0x01${V}0102`)
})
