import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import test from 'node:test'
import { fileURLToPath } from 'node:url'

test('the gas table and its plot are those of the snapshot', () => {
  const script = fileURLToPath(new URL('../../scripts/gas-plot', import.meta.url))

  const { status, stderr } = spawnSync(process.execPath, [script, '--check'], { encoding: 'utf8' })

  assert.equal(status, 0, stderr)
})
