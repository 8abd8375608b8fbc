import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import test from 'node:test'
import { path } from '../repository.js'

test('the gas table and its plot are those of the snapshot', () => {
  const script = path('scripts/gas-plot')

  const { status, stderr } = spawnSync(process.execPath, [script, '--check'], { encoding: 'utf8' })

  assert.equal(status, 0, stderr)
})
