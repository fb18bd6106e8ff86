import { execFileSync } from 'node:child_process'
import { chmodSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

// What is published: two modules that a plain Node runs, and their types. The workspace itself imports `src/`.

const PACKAGE = fileURLToPath(new URL('..', import.meta.url))
const DIST = join(PACKAGE, 'dist')

rmSync(DIST, { recursive: true, force: true })
await build({
  absWorkingDir: PACKAGE,
  entryPoints: ['src/cli.ts', 'src/index.ts'],
  outdir: DIST,
  bundle: true,
  // What is shared stands once, so that an error class of one is an error class of the other.
  splitting: true,
  // The dependencies stay packages: libpg-query finds its WebAssembly beside itself.
  packages: 'external',
  platform: 'node',
  format: 'esm',
  target: 'node20',
  sourcemap: true,
  sourcesContent: false,
  logLevel: 'warning',
})
chmodSync(join(DIST, 'cli.js'), 0o755)

const typescript = dirname(createRequire(import.meta.url).resolve('typescript/package.json'))
execFileSync(process.execPath, [join(typescript, 'bin', 'tsc'), '--project', join(PACKAGE, 'tsconfig.build.json')], {
  stdio: 'inherit',
})
