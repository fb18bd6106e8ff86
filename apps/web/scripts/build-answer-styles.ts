import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

// The answer to a plain post is made outside of Next, so it has a style sheet with a name that does not change.
await build({
  stdin: {
    contents: ['@landfall/ui/styles.css', './src/site/styles/index.css', './src/site/theme/typefaces.css']
      .map((sheet) => `@import '${sheet}';`)
      .join('\n'),
    loader: 'css',
    resolveDir: fileURLToPath(new URL('..', import.meta.url)),
  },
  bundle: true,
  minify: true,
  loader: { '.woff2': 'file' },
  assetNames: 'typefaces/[name]-[hash]',
  publicPath: '/assets',
  outdir: fileURLToPath(new URL('../public/assets', import.meta.url)),
  entryNames: 'answer-page',
})
