import assert from 'node:assert/strict'
import test from 'node:test'
import { NO_PAYMASTER, type SessionRefused, UNCOUNTED_CALLS } from 'smart-session'
import { packSession } from 'smart-session/format'
import { type ImportTerms, fromPermissionRequest } from 'smart-session/from'
import { permissionResponse, readPermissionResponse } from 'smart-session/permissions'
import type { Address, Hex } from 'viem'
import { read } from '../repository.js'
import { type VectorSession, sessionOf } from './sessionOf.js'

type Granted = Pick<
  VectorSession,
  'delegate' | 'validAfter' | 'validUntil' | 'permissions' | 'budgets'
>
type Terms = Record<'account' | 'module', Address> &
  Record<'chainId' | 'epoch' | 'feeLimit' | 'salt', string> & {
    validAfter?: number | null
    validUntil?: number
    receivers?: Address[]
  }
type Asked = {
  name: string
  request: never
  terms?: Partial<Terms>
  session?: Granted
  refused?: [path: string, meaning: string][]
}
type Answered = {
  name: string
  session: VectorSession
  ownerSignature: Hex | null
  request: never
  response?: object
  refused?: string
}
type Change = { name: string; change: object; refused: string | null }

const vectors = JSON.parse(read('tests/vectors/permissions.json')) as {
  terms: Terms
  requests: Asked[]
  responses: Answered[]
  read: { session: VectorSession; response: object; malformed: never[]; changes: Change[] }
  unsayable: string[]
}
const { module } = vectors.terms

function termsOf({ validAfter, chainId, epoch, feeLimit, salt, ...terms }: Terms): ImportTerms {
  return {
    ...terms,
    chainId: BigInt(chainId),
    epoch: BigInt(epoch),
    feeLimit: BigInt(feeLimit),
    salt: BigInt(salt),
    ...(typeof validAfter === 'number' ? { validAfter } : {}),
  }
}

for (const { name, request, terms, session, refused } of vectors.requests) {
  test(`shared vector of requests: ${name}`, () => {
    const all = { ...vectors.terms, ...terms }

    const imported = fromPermissionRequest(request, termsOf(all))

    if (session === undefined) {
      // Addresses in words may be of any case.
      const lower = (all: readonly (readonly string[])[]) => JSON.stringify(all).toLowerCase()
      const found = (imported.refusals ?? []).map(({ path, meaning }) => [path, meaning]).sort()
      assert.equal(lower(found), lower([...refused!].sort()))
      return
    }
    assert.deepEqual(imported.refusals, undefined)
    const whole = sessionOf({
      ...session,
      account: all.account,
      chains: [{ chainId: all.chainId, epoch: all.epoch }],
      delegateKind: 0,
      maxCalls: UNCOUNTED_CALLS,
      feeLimit: all.feeLimit,
      paymaster: NO_PAYMASTER,
      signing: [],
      salt: all.salt,
    })
    assert.equal(packSession(imported.session!), packSession(whole))
  })
}

for (const { name, session, ownerSignature, request, response, refused } of vectors.responses) {
  test(`shared vector of responses: ${name}`, () => {
    const signed = ownerSignature === null ? {} : { ownerSignature }
    const grant = { module, session: sessionOf(session), ...signed }
    const answer = () => permissionResponse(grant, request ?? undefined)

    if (response === undefined) assert.throws(answer, { name: 'SessionRefused', code: refused })
    else assert.deepEqual(answer(), response)
  })
}

for (const { name, change, refused } of vectors.read.changes) {
  test(`shared vector of responses that are read: ${name}`, () => {
    const response = { ...vectors.read.response, ...change } as never
    let code: string | null = null
    try {
      const { session } = readPermissionResponse(response, module)
      assert.equal(packSession(session), packSession(sessionOf(vectors.read.session)))
    } catch (error) {
      code = (error as SessionRefused).code
    }
    assert.equal(code, refused)
  })
}

test('what is no response is refused', () => {
  for (const response of vectors.read.malformed) {
    assert.throws(() => readPermissionResponse(response, module), { code: 'MalformedAddress' })
  }
})

test('types without an equal are those of the shared vectors', () => {
  const list = read('ts/src/from/request/permissionRequest.ts')
  const names = [...list.matchAll(/^  '([\w-]+)': \[/gm)].map(([, name]) => name)

  assert.deepEqual(vectors.unsayable, ['native-token-stream', 'erc20-token-stream', ...names])
})

test('the shared vectors of permissions are many', () => {
  assert.ok(vectors.requests.length > 40 && vectors.responses.length > 100)
  assert.ok(vectors.read.changes.length > 15)
})
