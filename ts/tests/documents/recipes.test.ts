import assert from 'node:assert/strict'
import test from 'node:test'
import * as from from 'smart-session/from'
import * as owner from 'smart-session/owner'
import { read } from '../repository.js'
import { GAME, MODULE, game } from '../sessions.js'
import { SMART_SESSION_MOVES, TERMS } from '../from/moves.js'
import { compiled } from './compiled.js'

const exampleIn = (document: string) => /```ts\n(.*?)```/s.exec(read(document))![1]!

test('each recipe is a template of the package, and each template has a recipe', () => {
  const named = [...read('docs/recipes.md').matchAll(/^## .*: `(\w+)`$/gm)].map(([, name]) => name)
  const templates = read('ts/src/owner.ts').matchAll(/(\w+) } from '.\/templates\/\1.js'/g)

  assert.deepEqual(named.sort(), [...templates].map(([, name]) => name!).sort())
  for (const name of named) assert.equal(typeof owner[name as 'gameMoves'], 'function')
})

test('the example of the recipes compiles, and gives a session that can be enabled', async () => {
  const { session } = await compiled('recipes', exampleIn('docs/recipes.md'))
  const { maxCalls: _, permissions: __, budgets: ___, signing: ____, ...frame } = game

  const made = session(frame)

  owner.checkSession(made, MODULE)
  assert.equal(made.permissions[0].target, GAME)
})

test('the document on other systems has a part for each import, and its example compiles', async () => {
  const text = read('docs/migrating.md')
  const named = [...text.matchAll(/^## .* \(`(\w+)`\)$/gm)].map(([, name]) => name!)
  const { convert } = await compiled('migrating', exampleIn('docs/migrating.md'))

  assert.deepEqual(named.sort(), Object.keys(from).sort())
  assert.ok(convert(SMART_SESSION_MOVES, TERMS).permissions.length > 0)
})
