import assert from 'node:assert/strict'
import test from 'node:test'
import { grantFromText, grantToText, sessionId } from 'smart-session'
import { describeSession, grantFromJson, grantToJson } from 'smart-session/owner'
import { read } from '../repository.js'

type Vector = {
  name: string
  id: string
  text: string
  file: object
  words: [label: string, value: string][]
}

const { vectors } = JSON.parse(read('tests/vectors/grants.json')) as { vectors: Vector[] }

assert.ok(vectors.length > 0, 'the file of vectors is empty')
for (const { name, id, text, file, words } of vectors) {
  test(`shared vector of grants: ${name}`, () => {
    const { grant, names } = grantFromJson(file)

    assert.equal(sessionId(grant.session), id)
    assert.equal(grantToText(grant), text)
    assert.equal(grantToText(grantFromText(text)), text)
    assert.deepEqual(grantToJson(grant, names), file)
    assert.deepEqual(
      describeSession(grant, names).map(({ label, value }) => [label, value]),
      words,
    )
  })
}
