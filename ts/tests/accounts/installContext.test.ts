import assert from 'node:assert/strict'
import test from 'node:test'
import { installContext, installData } from 'smart-session/owner'

test('Kernel takes install data behind a hook and with a selector', () => {
  const data = installData({ route: 'any' })
  const word = (value: string) => value.padStart(64, '0')
  const bytes = (value: string, length: number) => word(`${length}`) + value.padEnd(64, '0')

  assert.equal(installContext('nexus', data), data)
  assert.equal(
    installContext('kernel', data),
    `0x${'00'.repeat(20)}${word('60')}${word('a0')}${word('c0')}` +
      bytes('010000', 3) +
      word('0') +
      bytes('e9ae5c53', 4),
  )
  assert.equal(
    installContext('kernel', data, 'executor'),
    `0x${'00'.repeat(20)}${word('40')}${word('80')}${bytes('010000', 3)}${word('0')}`,
  )
  // The byte for Kernel says that the hook is installed already.
  assert.equal(
    installContext('kernel', data, 'executor', `0x${'4b'.repeat(20)}`),
    `0x${'4b'.repeat(20)}${word('40')}${word('80')}${bytes('010000', 3)}${bytes('00', 1)}`,
  )
})
