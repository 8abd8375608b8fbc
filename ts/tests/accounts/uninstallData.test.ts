import assert from 'node:assert/strict'
import test from 'node:test'
import { uninstallContext, uninstallData } from 'smart-session/owner'
import { repeat } from '../sessions.js'

const SALT = `0x${'5a'.repeat(32)}` as const

test('uninstall data is the type, then the salt of the next epoch', () => {
  assert.equal(uninstallData('validator', SALT), `0x01${'5a'.repeat(32)}`)
  assert.equal(uninstallData('executor', SALT), `0x02${'5a'.repeat(32)}`)
  assert.equal(uninstallData('both', SALT), `0x03${'5a'.repeat(32)}`)
})

test('each uninstalling has a salt of its own', () => {
  const [first, second] = [uninstallData('validator'), uninstallData('validator')]

  assert.match(first, /^0x01[0-9a-f]{64}$/)
  assert.notEqual(first, second)
})

test('accounts with linked lists are told which module stands before it', () => {
  const data = uninstallData('validator', SALT)
  const word = (value: string) => value.padStart(64, '0')
  const listed = (predecessor: string) =>
    `0x${word(predecessor)}${word('40')}${word('21')}01${'5a'.repeat(32)}${'00'.repeat(31)}`

  for (const kind of ['nexus', 'safe7579', 'msa'] as const) {
    assert.equal(uninstallContext(kind, data), listed('1'))
    assert.equal(uninstallContext(kind, data, repeat('0a')), listed('0a'.repeat(20)))
  }
  for (const kind of ['openzeppelin', 'kernel'] as const) {
    assert.equal(uninstallContext(kind, data), data)
  }
})
