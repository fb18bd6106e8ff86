import { execFile } from 'node:child_process'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { execPath } from 'node:process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { build } from 'esbuild'
import { type LocalDbManifest, localDbManifest } from '../../assets/index.ts'
import { CACHE_DIRECTORY, PACKAGE_ROOT } from '../../build/build-options.ts'
import { writeMigrations } from '../../build/migrations/migrations-folder.ts'
import type { Migration } from '../../schema/chain/migration.ts'

/** A build of the local database, and a page that was built with it. */
export interface BuiltBuild {
  chain: readonly Migration[]
  /** What `assets/index.ts` is told to read. */
  directory: string
  manifest: LocalDbManifest
  pageScript: string
}

/** Runs the real build on another folder of migrations; unchanged, it takes a blink. */
export async function buildOfChain(name: string, chain: readonly Migration[], schemaSql: string): Promise<BuiltBuild> {
  const root = join(CACHE_DIRECTORY, 'two-builds', name)
  const [migrations, schema, directory] = [join(root, 'migrations'), join(root, 'schema.sql'), join(root, 'dist')]
  await mkdir(root, { recursive: true })
  await writeMigrations(chain, migrations)
  await writeFile(schema, schemaSql)
  const options = [`--migrations=${migrations}`, `--schema=${schema}`, `--out=${directory}`]
  await promisify(execFile)(execPath, [join(PACKAGE_ROOT, 'src/build/build-assets.ts'), ...options])
  const manifest = await localDbManifest(directory)
  return { chain, directory, manifest, pageScript: await bundlePage(manifest, join(migrations, 'resets.ts')) }
}

async function bundlePage({ worker }: LocalDbManifest, resets: string): Promise<string> {
  const result = await build({
    entryPoints: [fileURLToPath(new URL('./builds-page.ts', import.meta.url))],
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'browser',
    external: ['fs', 'fs/promises', 'node:*', 'module', 'path', 'url', 'util', 'zlib', 'crypto'],
    define: { 'window.buildsWorkerUrl': JSON.stringify(`/assets/local-db/${worker}`) },
    // A page rewrites its queue by the migrations of its own build.
    plugins: [
      {
        name: 'resets-of-this-build',
        setup(bundle) {
          bundle.onResolve({ filter: /migrations\/resets\.ts$/ }, () => ({ path: resets }))
        },
      },
    ],
    logLevel: 'warning',
  })
  return result.outputFiles[0]?.text ?? ''
}
