import assert from 'node:assert/strict'
import test from 'node:test'
import { secp256k1Delegate } from 'smart-session'
import { type Hex, concat, keccak256, recoverAddress, slice, toHex } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'

const digests = Array.from({ length: 20 }, (_, i) => keccak256(toHex(i)))
const SECP256K1_ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n
const SECRET: Hex = `0x${'07'.repeat(32)}`
const account = privateKeyToAccount(SECRET)

/** A delegate whose key signs well, and whose signer then writes the signature in its own way. */
const delegateWriting = (write: (signature: Hex) => Hex) =>
  secp256k1Delegate({
    ...account,
    sign: async ({ hash }: { hash: Hex }) => write(await account.sign({ hash })),
  } as never)

test('a secp256k1 delegate is its Ethereum address, and signs digests as they are', async () => {
  const delegate = secp256k1Delegate(`0x${'00'.repeat(31)}01`)

  assert.equal(delegate.kind, 0)
  assert.equal(delegate.address, '0x7E5F4552091A69125d5DfCb7b8C2659029395Bdf')
  for (const hash of digests) {
    const signature = await delegate.sign(hash)
    assert.equal(await recoverAddress({ hash, signature }), delegate.address)
    assert.match(signature, /1[bc]$/)
  }
})

test('a high s of another signer is lowered, and its v turned', async () => {
  const delegate = delegateWriting((low) => {
    const s = SECP256K1_ORDER - BigInt(slice(low, 32, 64))
    return concat([slice(low, 0, 32), toHex(s, { size: 32 }), low.endsWith('1b') ? '0x01' : '0x00'])
  })

  for (const hash of digests) {
    assert.equal(await delegate.sign(hash), await account.sign({ hash }))
  }
})

test('signatures without v and in DER are read', async () => {
  const number = (bytes: Hex) => {
    const short = bytes.slice(2).replace(/^(00)+/, '')
    const digits = Number.parseInt(short.slice(0, 2), 16) > 127 ? `00${short}` : short
    return `02${(digits.length / 2).toString(16).padStart(2, '0')}${digits}`
  }
  const der = (rsv: Hex): Hex => {
    const numbers = number(slice(rsv, 0, 32)) + number(slice(rsv, 32, 64))
    return `0x30${(numbers.length / 2).toString(16).padStart(2, '0')}${numbers}`
  }

  for (const write of [(rsv: Hex) => slice(rsv, 0, 64), der]) {
    for (const hash of digests) {
      assert.equal(await delegateWriting(write).sign(hash), await account.sign({ hash }))
    }
  }
})

test('a signature that the module would not take is refused before it is sealed', async () => {
  const hash = digests[0]!
  const other = await privateKeyToAccount(`0x${'08'.repeat(32)}`).sign({ hash })
  const refused: Record<string, (rsv: Hex) => Hex> = {
    "another key's": () => other,
    'v of 2': (rsv) => concat([slice(rsv, 0, 64), '0x02']),
    'v of 29': (rsv) => concat([slice(rsv, 0, 64), '0x1d']),
    'v of EIP-155': (rsv) => concat([slice(rsv, 0, 64), '0x25']),
    'too short': (rsv) => slice(rsv, 0, 63),
    'too long': (rsv) => concat([rsv, '0x00']),
    'no hex': () => 'signed' as Hex,
    empty: () => '0x',
    'r of zero': (rsv) => concat([toHex(0, { size: 32 }), slice(rsv, 32)]),
    's of the order': (rsv) =>
      concat([slice(rsv, 0, 32), toHex(SECP256K1_ORDER, { size: 32 }), '0x1b']),
    'DER with something behind': () => '0x300602010102010100',
    'DER with a long zero': () => '0x30070202000102010100',
  }

  for (const [what, write] of Object.entries(refused)) {
    const signing = delegateWriting(write).sign(hash)
    await assert.rejects(signing, { code: 'UnusableSignature' }, what)
  }
})

test('an account that cannot sign hashes is refused', () => {
  const { sign: _, ...silent } = account

  assert.throws(() => secp256k1Delegate(silent as never), { code: 'WrongKey' })
})
