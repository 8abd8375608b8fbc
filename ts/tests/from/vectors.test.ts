import assert from 'node:assert/strict'
import test from 'node:test'
import { read } from '../repository.js'
import { VECTORS, importVectors } from './vectors.js'

test('imports give what the shared vectors say', () => {
  const vectors = importVectors()

  assert.equal(read(VECTORS), vectors, 'if that is meant: npm run import-vectors in ts')
  // They show something of both kinds, in each system.
  const { vectors: list } = JSON.parse(vectors)
  for (const system of ['smartSession', 'kernelPermission', 'delegation', 'permissionRequest']) {
    const own = list.filter((vector: { system: string }) => vector.system === system)
    const imported = own.filter((vector: { packed?: string }) => vector.packed !== undefined)
    assert.ok(
      imported.length > 4 && imported.length < own.length - 4,
      `${system}: ${imported.length}`,
    )
  }
})
