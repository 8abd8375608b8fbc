import assert from 'node:assert/strict'
import test from 'node:test'
import { moduleDomain } from 'smart-session/format'
import { REVOKE_ALL_SESSIONS_TYPES, REVOKE_SESSION_TYPES, SESSION_TYPES } from 'smart-session/owner'
import { zeroAddress } from 'viem'
import { read } from '../repository.js'
import type { Types } from './encode-type.js'

type Field = { path: string; label: string; format: string; params?: Record<string, unknown> }
type Format = { intent: string; fields: Field[]; required: string[]; excluded: string[] }

const descriptor = JSON.parse(read('docs/clear-signing/eip712-smart-session.json'))
const formats = descriptor.display.formats as Record<string, Format>
const signed: Record<string, Types> = {
  Session: SESSION_TYPES,
  RevokeSession: REVOKE_SESSION_TYPES,
  RevokeAllSessions: REVOKE_ALL_SESSIONS_TYPES,
}

/** The paths of all single values in a struct, and their types. */
function leaves(struct: string, types: Types, before = ''): [path: string, type: string][] {
  return types[struct]!.flatMap(({ name, type }) => {
    const element = type.replace('[]', '')
    const path = `${before}${name}${element === type ? '' : '.[]'}`
    return types[element] ? leaves(element, types, `${path}.`) : [[path, element] as const]
  }) as [string, string][]
}

test('the descriptor is for the types and the domain that are signed', () => {
  const { domain, schemas } = descriptor.context.eip712
  const { name, version } = moduleDomain(zeroAddress)

  assert.deepEqual(domain, { name, version })
  assert.deepEqual(
    schemas.map(({ primaryType }: { primaryType: string }) => primaryType),
    Object.keys(signed),
  )
  for (const { primaryType, types } of schemas) assert.deepEqual(types, signed[primaryType])
  assert.deepEqual(Object.keys(formats), Object.keys(signed))
})

test('every value is shown or left out on purpose, once', () => {
  for (const [struct, { fields, excluded }] of Object.entries(formats)) {
    const paths = [...fields.map(({ path }) => path), ...excluded]

    const all = leaves(struct, signed[struct]!).map(([path]) => path)
    assert.deepEqual(paths.sort(), all.sort(), struct)
  }
})

test('what is left out can only narrow a session', () => {
  assert.deepEqual(formats['Session']!.excluded, ['salt'])
  assert.deepEqual(formats['RevokeAllSessions']!.excluded, ['epoch', 'salt'])
})

test('required values are among those shown', () => {
  for (const { fields, required } of Object.values(formats)) {
    const shown = fields.map(({ path }) => path)
    assert.ok(required.length > 0)
    for (const path of required) assert.ok(shown.includes(path), path)
  }
})

test('every value of a session that grants is required', () => {
  const { required, excluded } = formats['Session']!
  const all = leaves('Session', signed['Session']!).map(([path]) => path)

  assert.deepEqual([...required, ...excluded].sort(), all.sort())
})

test('the two selectors that name no function are told in words', () => {
  const { fields } = formats['Session']!
  const { label } = fields.find(({ path }) => path === 'permissions.[].selector')!

  assert.match(label, /0xffffffff: every function, any data/)
  assert.match(label, /0x00000000: none, a transfer of ETH/)
})

test('each value is shown in a format that its type can have', () => {
  const allowed: Record<string, RegExp> = {
    addressName: /^address$/,
    amount: /^uint/,
    date: /^uint48$/,
    duration: /^uint32$/,
    enum: /^uint8$/,
    raw: /./,
    tokenAmount: /^uint/,
  }
  for (const [struct, { fields }] of Object.entries(formats)) {
    const types = Object.fromEntries(leaves(struct, signed[struct]!))
    for (const { path, format, params } of fields) {
      assert.match(types[path]!, allowed[format] ?? /never/, `${path}: ${format}`)
      const token = params?.['tokenPath']
      if (token !== undefined) assert.equal(types[token as string], 'address')
    }
  }
})
