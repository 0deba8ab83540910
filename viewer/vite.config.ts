import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Plugin, UserConfig } from 'vite'
import { defineConfig } from 'vite'

const PAGE = resolve(import.meta.dirname, '../src/shieldwall/web/page')
const DATA = '<script type="application/octet-stream" id="shieldwall-data"></script>'

/** Put script, style and map into the HTML itself: single.html, into which an export writes its raid. */
function oneFile(): Plugin {
  return {
    name: 'one-file',
    enforce: 'post',
    generateBundle: {
      order: 'post',
      handler(_, bundle) {
      const files = Object.values(bundle)
      const code = files.find((file) => file.type === 'chunk' && file.isEntry)
      const html = files.find((file) => file.fileName.endsWith('.html'))
      if (code?.type !== 'chunk' || html?.type !== 'asset') throw new Error('one script and one page were expected')
      const styles = files.filter((file) => file.fileName.endsWith('.css')).map((file) => (file.type === 'asset' ? String(file.source) : ''))
      const shield = readFileSync(resolve(import.meta.dirname, 'public/assets/shield.svg'))
      const world = readFileSync(resolve(import.meta.dirname, 'public/assets/world.json'), 'utf8')
      const page = String(html.source)
        .replace(/<script type="module"[^>]*><\/script>/, '')
        .replace(/<link rel="(stylesheet|modulepreload|preload)"[^>]*>/g, '')
        .replace(/href="[^"]*shield.svg"/, () => `href="data:image/svg+xml;base64,${Buffer.from(shield).toString('base64')}"`)
        .replace('</head>', () => `<style>${styles.join('\n')}</style>\n</head>`)
        .replace('</body>', () =>
          [
            DATA,
            `<script type="application/json" id="shieldwall-world">${world.replaceAll('<', '\\u003c')}</script>`,
            `<script type="module">${code.code.replaceAll('</script', '<\\/script')}</script>`,
            '</body>',
          ].join('\n'),
        )
      for (const name of Object.keys(bundle)) delete bundle[name]
      this.emitFile({ type: 'asset', fileName: 'single.html', source: page })
      },
    },
  }
}

export default defineConfig(({ mode }): UserConfig => {
  const single = mode === 'standalone'
  return {
    base: './',
    logLevel: 'warn',
    oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
    define: { __SINGLE__: JSON.stringify(single) },
    publicDir: single ? false : 'public',
    build: {
      outDir: PAGE,
      emptyOutDir: !single,
      assetsInlineLimit: single ? 100_000_000 : 0,
      cssCodeSplit: false,
      modulePreload: false,
      chunkSizeWarningLimit: 4000,
      target: 'es2022',
      rolldownOptions: { checks: { bundlerTimings: false, pluginTimings: false }, output: { codeSplitting: false } },
    },
    plugins: single ? [oneFile()] : [],
    server: { proxy: { '/api': 'http://127.0.0.1:8765' } },
    test: { environment: 'node', include: ['test/**/*.test.ts'] },
  } as UserConfig
})
