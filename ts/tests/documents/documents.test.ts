import assert from 'node:assert/strict'
import { existsSync, readdirSync } from 'node:fs'
import test from 'node:test'
import { smartSessionAbi } from 'smart-session/format'
import { toEventSelector, toEventSignature } from 'viem'
import { read, repository } from '../repository.js'

const documents = [
  ...readdirSync(repository('.')).filter((name) => name.endsWith('.md')),
  ...readdirSync(repository('docs')).map((name) => `docs/${name}`),
  ...['audits', 'deployments', 'ts'].map((folder) => `${folder}/README.md`),
  ...['cli', 'client', 'core'].map((crate) => `crates/${crate}/README.md`),
].filter((name) => name.endsWith('.md'))

test('links between documents lead somewhere', () => {
  let links = 0
  for (const document of documents) {
    const text = read(document)
    for (const [, target] of text.matchAll(/\]\((?!https:|#)([^)#]+)(?:#[^)]*)?\)/g)) {
      const folder = document.slice(0, document.lastIndexOf('/') + 1)
      assert.ok(existsSync(repository(folder + target)), `${document} links to ${target}`)
      links += 1
    }
  }

  assert.ok(links > 0)
})

test('paths that documents name are there', () => {
  let paths = 0
  for (const document of documents) {
    const named = read(document).matchAll(/`((?:scripts|crates|docs|tests|src|ts)\/[\w./-]+)`/g)
    for (const [, path] of named) {
      assert.ok(existsSync(repository(path!)), `${document} names ${path}`)
      paths += 1
    }
  }

  assert.ok(paths > 0)
})

test('commands that documents show take what they are given', () => {
  const folder = 'crates/cli/src/'
  const files = readdirSync(repository(folder), { recursive: true, encoding: 'utf8' })
  const sources = files.filter((name) => name.endsWith('.rs')).map((name) => read(folder + name))
  const source = sources.join('\n')
  let flags = 0
  for (const document of documents) {
    for (const [, command] of read(document).matchAll(/^\$ session (.*(?:\\\n.*)*)$/gm)) {
      const [verb] = command!.split(' ')
      const variant = verb![0]!.toUpperCase() + verb!.slice(1)
      assert.ok(source.includes(`Command::${variant}(`), `${document}: session ${verb}`)
      for (const [, flag] of command!.matchAll(/ --([a-z-]+)/g)) {
        const field = flag!.replaceAll('-', '_')
        assert.match(source, new RegExp(`\\b${field}: `), `${document}: --${flag}`)
        flags += 1
      }
    }
  }

  assert.ok(flags > 0)
})

test('events are documented with their topics', () => {
  const text = read('docs/operating.md')
  const rows = [...text.matchAll(/^\| `(\w+\(.*\))` \| `(0x\w{64})` \| (.+) \| .+ \|$/gm)]
  const events = smartSessionAbi.filter((item) => item.type === 'event')

  assert.deepEqual(
    rows.map(([, signature, topic, indexed]) => [signature, topic, indexed!.split(', ').length]),
    events.map((event) => [
      toEventSignature(event),
      toEventSelector(event),
      event.inputs.filter((input) => 'indexed' in input && input.indexed).length,
    ]),
  )
})
