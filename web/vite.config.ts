import { defineConfig } from 'vite'

// One page that asks for nothing but itself and the node that its user names. `--mode demo` adds the
// wallet and the addresses of scripts/demo --web, in a folder of its own.
export default defineConfig(({ mode }) => ({
  base: './',
  // The package is a link, and must find the page's viem, not a second one.
  resolve: { dedupe: ['viem'] },
  build: {
    outDir: mode === 'demo' ? 'dist-demo' : 'dist',
    target: 'es2023',
    // Vite's own would write into the page what the content policy forbids.
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
  },
}))
