import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

// The answer to a plain post is made outside of Next, so it has a style sheet with a name that does not change.
await build({
  stdin: {
    contents: `@import '@landfall/ui/styles.css'; @import './src/site/styles/index.css';`,
    loader: 'css',
    resolveDir: fileURLToPath(new URL('..', import.meta.url)),
  },
  bundle: true,
  minify: true,
  external: ['*.woff2'],
  outfile: fileURLToPath(new URL('../public/assets/answer-page.css', import.meta.url)),
})
