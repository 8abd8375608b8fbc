import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test from 'node:test'
import { path, read } from '../repository.js'

const skip =
  process.env['SMART_SESSION_FULL'] === '1'
    ? false
    : 'a fresh project takes Vite from npm: scripts/test --full'

// What `npm create vite --template vanilla-ts` writes, as far as it matters here.
const PROJECT = {
  'package.json': JSON.stringify({ name: 'my-game', private: true, type: 'module' }),
  'index.html': '<!doctype html><script type="module" src="/src/main.ts"></script>',
  'tsconfig.json': JSON.stringify({
    compilerOptions: {
      target: 'ES2023',
      lib: ['ES2023', 'DOM'],
      module: 'ESNext',
      moduleResolution: 'bundler',
      types: ['vite/client'],
      noEmit: true,
      strict: true,
    },
    include: ['src'],
  }),
  // Without a page there is nothing to preload: the bundle then runs here too.
  'vite.config.js': 'export default { build: { modulePreload: { polyfill: false } } }',
}

/** Packs the package into a folder: a copy of it, as other tests read what this one's `dist` has. */
function pack(folder: string): string {
  const copy = join(folder, 'checkout/ts')
  for (const name of ['package.json', 'README.md', 'tsconfig.json', 'src']) {
    cpSync(path(`ts/${name}`), join(copy, name), { recursive: true })
  }
  for (const name of ['LICENSE-APACHE', 'LICENSE-MIT']) {
    cpSync(path(name), join(folder, 'checkout', name))
  }
  symlinkSync(path('ts/node_modules'), join(copy, 'node_modules'))
  const flags = ['pack', '--silent', '--pack-destination', folder]
  return execFileSync('npm', flags, { cwd: copy, encoding: 'utf8' }).trim()
}

test('the packed package, in a fresh Vite project, does what its README shows first', { skip }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'my-game-'))
  const run = (command: string, ...args: string[]) => {
    const { status, stdout, stderr } = spawnSync(command, args, { cwd: folder, encoding: 'utf8' })
    // A bundle is one long line: the end of what is told says why.
    assert.equal(status, 0, `${command} ${args.join(' ')}: ${(stdout + stderr).slice(-1_500)}`)
    return stdout
  }
  const quiet = ['--ignore-scripts', '--no-audit', '--no-fund', '--silent']
  try {
    const packed = pack(folder)
    for (const [file, text] of Object.entries(PROJECT)) writeFileSync(join(folder, file), text)
    const [, example] = /```ts\n(.*?)```/s.exec(read('ts/README.md'))!
    mkdirSync(join(folder, 'src'))
    writeFileSync(join(folder, 'src/main.ts'), example!)

    run('npm', 'install', ...quiet, `./${packed}`, 'viem@2.57.20')
    run('npm', 'install', ...quiet, '--save-dev', 'vite@8.3.8', 'typescript@7.0.2')
    run('npx', '--no-install', 'tsc')
    run('npx', '--no-install', 'vite', 'build')

    const assets = join(folder, 'dist/assets')
    const bundle = readdirSync(assets).filter((name) => name.endsWith('.js'))
    const printed = bundle.map((name) => run('node', join(assets, name))).join('')
    assert.match(printed, /^may call +function 0x\w{8} of 0x0{36}9a3E; up to 0.01 ETH a call/im)
    assert.match(printed, /^calls +at most 100$/m)
    // What is published, and nothing of how it is tested.
    const files = run('tar', '-tzf', packed).split('\n')
    for (const file of ['LICENSE-MIT', 'LICENSE-APACHE', 'README.md', 'dist/index.d.ts']) {
      assert.ok(files.includes(`package/${file}`), file)
    }
    assert.deepEqual(files.filter((file) => /test|node_modules/.test(file)), [])
  } finally {
    rmSync(folder, { recursive: true })
  }
})
