import { fileURLToPath } from 'node:url'
import tailwindcss from '@tailwindcss/vite'
import react from '@vitejs/plugin-react'
import { defineConfig, type Plugin } from 'vite'

/** The one font that the first paint shows is asked for before the style sheet is read. */
function preloadInterfaceFont(): Plugin {
  return {
    name: 'preload-interface-font',
    transformIndexHtml: {
      order: 'post',
      handler(_html, context) {
        const names = Object.keys(context.bundle ?? {})
        const font = names.find((name) => /instrument-sans-latin-wdth-normal.*\.woff2$/.test(name))
        if (font === undefined) return []
        const attrs = { rel: 'preload', as: 'font', type: 'font/woff2', crossorigin: '', href: `/${font}` }
        return [{ tag: 'link', attrs, injectTo: 'head-prepend' }]
      },
    },
  }
}

/** In a file and script of its own, it runs before the page's code, which imports it, is loaded. */
function bootFirst(): Plugin {
  return {
    name: 'boot-first',
    transformIndexHtml: {
      order: 'post',
      handler(_html, context) {
        const boot = Object.values(context.bundle ?? {}).find(
          (file) => file.type === 'chunk' && file.name === 'boot',
        )
        if (boot === undefined) return []
        const attrs = { type: 'module', crossorigin: '', src: `/${boot.fileName}` }
        return [{ tag: 'script', attrs, injectTo: 'head-prepend' }]
      },
    },
  }
}

/** What every page needs before anything can be shown. */
const FRAME =
  /node_modules\/(react|react-dom|scheduler|zustand|@tanstack\/(react-router|router-core|history|react-store|store))\//

function fileOf(name: string): string {
  return fileURLToPath(new URL(name, import.meta.url))
}

export default defineConfig({
  plugins: [react(), tailwindcss(), preloadInterfaceFont(), bootFirst()],
  worker: { format: 'es' },
  build: {
    outDir: 'dist',
    target: 'es2024',
    sourcemap: true,
    rolldownOptions: {
      input: { index: fileOf('./index.html'), boot: fileOf('./web/boot.ts') },
      output: {
        codeSplitting: {
          // What the first paint needs, in one file; the node, libp2p and the other pages are loaded after it.
          groups: [{ name: 'frame', test: FRAME }],
        },
      },
    },
  },
})
