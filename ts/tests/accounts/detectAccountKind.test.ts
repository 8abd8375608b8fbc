import assert from 'node:assert/strict'
import test from 'node:test'
import { detectAccountKind } from 'smart-session/owner'
import { imagine } from '../chain.js'
import { ALICE } from '../sessions.js'

test('accounts are known by what they call themselves', async () => {
  const kindOf = async (accountId: string) =>
    detectAccountKind((await imagine(ALICE, { accountId })).client, ALICE)

  assert.equal(await kindOf('kernel.advanced.v0.3.1'), 'kernel')
  assert.equal(await kindOf('biconomy.nexus.1.0.0'), 'nexus')
  assert.equal(await kindOf('rhinestone.safe7579.v1.0.0'), 'safe7579')
  assert.equal(await kindOf('uMSA.advanced/withHook.v0.1'), 'msa')
  assert.equal(await kindOf('@openzeppelin/contracts.AccountERC7579Hooked.v1.0.0'), 'openzeppelin')
  await assert.rejects(kindOf('someone.else.v1'), { code: 'UnknownAccountKind' })
})
