import assert from 'node:assert/strict'
import test from 'node:test'
import { sessionId } from 'smart-session'
import { DELEGATE_TYPES, sessionDigest } from 'smart-session/format'
import { SESSION_TYPES, sessionTypedData } from 'smart-session/owner'
import { concat, hashStruct, hashTypedData, keccak256, serializeTypedData, toHex } from 'viem'
import { type Types, encodeType } from '../documents/encode-type.js'
import { MODULE, game, rich } from '../sessions.js'

const hash = (name: string, types: Types) => keccak256(toHex(encodeType(name, types)))

test('type hashes are those of the contract', () => {
  const expected = {
    Session: '26dc6e68edfbde79678a739e6652199cd7dbefd8eff4b2a30277902dc77f4e8e',
    Chain: '7f806b520f9576d68ee4cc5721224fe02dd2facf4c58d9d412d66061518dd955',
    Permission: '46578a50972070761faf7e15833740f95038efd9189e4108cb9f6637028d882b',
    ArgumentRule: '019e0ec1bdb83a01bc479160b0d6758a54ce156929ee83ed402808ebb1aa5eb6',
    Budget: 'b98a6663947f4828df7683a1a370a566f9603bf95dfdd1e280a842b3d8bbb4bd',
    SigningScope: 'c6dc84132cc22beed5894ad49f680633ae464ac1f512f783f4d2c5ae46cb80e0',
    EIP712Domain: '91ab3d17e3a50a9d89e63fd30b92be7f5336b03b287bb946787a83a9d62a2766',
  }
  for (const [type, expectedHash] of Object.entries(expected)) {
    assert.equal(hash(type, SESSION_TYPES), `0x${expectedHash}`, type)
  }
  assert.equal(
    hash('SessionOperation', DELEGATE_TYPES),
    '0x21c4188a1817dac7184b12d0b018b39e9c55121012e297b9bae7f1e1d7312442',
  )
})

test('the id is the struct hash, and the digest binds it to the module', () => {
  for (const session of [game, rich]) {
    const id = hashStruct({ types: SESSION_TYPES, primaryType: 'Session', data: session })
    const domain = keccak256(
      concat([
        '0x91ab3d17e3a50a9d89e63fd30b92be7f5336b03b287bb946787a83a9d62a2766',
        keccak256(toHex('Smart Session')),
        keccak256(toHex('1')),
        `0x${'00'.repeat(12)}`,
        MODULE,
      ]),
    )

    assert.equal(sessionId(session), id)
    assert.equal(sessionDigest(MODULE, session), keccak256(concat(['0x1901', domain, id])))
  }
})

/** The rich session without what the module does not support yet. */
const supported = { ...rich, delegateKind: 0, signing: [] } as const

test('the typed data hash to the digest', () => {
  for (const session of [game, supported]) {
    const typedData = sessionTypedData(MODULE, session)

    assert.equal(hashTypedData(typedData), sessionDigest(MODULE, session))
  }
})

test('wallets are sent the domain type, no chain id, and big numbers as decimal text', () => {
  const sent = JSON.parse(serializeTypedData(sessionTypedData(MODULE, supported)))

  assert.deepEqual(
    sent.types.EIP712Domain.map((field: { name: string }) => field.name),
    ['name', 'version', 'verifyingContract'],
  )
  assert.deepEqual(sent.domain, { name: 'Smart Session', version: '1', verifyingContract: MODULE })
  assert.equal(sent.message.salt, '18446744073709551615')
  assert.equal(sent.message.budgets[1].amount, '340282366920938463463374607431768211455')
  assert.deepEqual(Object.keys(sent.message).length, 13)
})
