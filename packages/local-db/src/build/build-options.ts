import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { MIGRATIONS_FOLDER } from './migrations/migrations-folder.ts'

export const PACKAGE_ROOT = fileURLToPath(new URL('../../', import.meta.url))
export const CACHE_DIRECTORY = join(PACKAGE_ROOT, 'node_modules/.cache/landfall-local-db')

export interface BuildOptions {
  /** Folder with `chain.json`. */
  migrations: string
  /** SQL that the chain must lead to. */
  schema: string
  /** Folder that holds `manifest.json` and `assets` afterwards; on the same file system as this package. */
  out: string
}

/** Another folder of migrations makes a build of another time, for tests of what happens between two. */
export function readBuildOptions(args: readonly string[]): BuildOptions {
  const { values } = parseArgs({
    args: [...args],
    options: { migrations: { type: 'string' }, schema: { type: 'string' }, out: { type: 'string' } },
  })
  return {
    migrations: resolve(values.migrations ?? MIGRATIONS_FOLDER),
    schema: resolve(values.schema ?? join(PACKAGE_ROOT, 'src/schema/generated/schema.sql')),
    out: resolve(values.out ?? join(PACKAGE_ROOT, 'dist')),
  }
}
