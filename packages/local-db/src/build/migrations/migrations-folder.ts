import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import * as z from 'zod'
import { CHAIN_ROOT, verifyHashes } from '../../schema/chain/chain-hash.ts'
import { chainFile, type Migration, type MigrationEntry, type RewriteSpec } from '../../schema/chain/migration.ts'

export const MIGRATIONS_FOLDER = fileURLToPath(new URL('../../schema/migrations/', import.meta.url))

/** The folder of migrations is not as it was written; the message says what to do. */
export class MigrationsFolderError extends Error {
  override name = 'MigrationsFolderError'
}

/**
 * Reads `chain.json` and the SQL of every migration in it.
 *
 * @throws MigrationsFolderError when a file is missing, malformed or left over
 * @throws ChainHashError when a migration was changed after it was written
 */
export async function readMigrations(folder = MIGRATIONS_FOLDER): Promise<Migration[]> {
  const path = join(folder, 'chain.json')
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new MigrationsFolderError(`${path} can't be read. \`pnpm db:generate\` writes it.`, { cause })
  })
  const entries = parseChainFile(text, path)
  const chain = await Promise.all(
    entries.map(async (entry): Promise<Migration> => {
      const file = join(folder, `${entry.name}.sql`)
      const sql = await readFile(file, 'utf8').catch((cause: unknown) => {
        throw new MigrationsFolderError(`${file} is missing, though chain.json names it.`, { cause })
      })
      return { ...entry, sql }
    }),
  )
  const named = new Set(entries.map(({ name }) => `${name}.sql`))
  const stray = (await readdir(folder)).filter((name) => name.endsWith('.sql') && !named.has(name))
  if (stray.length > 0) throw new MigrationsFolderError(`${folder} holds ${stray.join(', ')}, which chain.json does not name.`)
  await verifyHashes(CHAIN_ROOT, chain)
  return chain
}

export function parseChainFile(text: string, path: string): MigrationEntry[] {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch (cause) {
    throw new MigrationsFolderError(`${path} is not JSON: ${cause instanceof Error ? cause.message : cause}`, { cause })
  }
  const parsed = chainFile.safeParse(json)
  if (!parsed.success) throw new MigrationsFolderError(`${path}: ${z.prettifyError(parsed.error)}`)
  return parsed.data
}

/** Makes the folder hold this chain and nothing else: SQL, `chain.json`, and what pages need of it. */
export async function writeMigrations(chain: readonly Migration[], folder = MIGRATIONS_FOLDER): Promise<void> {
  await mkdir(folder, { recursive: true })
  const wanted = new Set(chain.map(({ name }) => `${name}.sql`))
  for (const name of await readdir(folder)) {
    if (name.endsWith('.sql') && !wanted.has(name)) await rm(join(folder, name))
  }
  for (const { name, sql } of chain) await writeFile(join(folder, `${name}.sql`), sql)
  const entries = chain.map(({ sql: _sql, ...entry }) => entry)
  await writeFile(join(folder, 'chain.json'), `${JSON.stringify(entries, null, 2)}\n`)
  await writeFile(join(folder, 'resets.ts'), resetsModule(chain))
}

/** Those that rewrite anything. */
export function resetsOf(chain: readonly Migration[]): RewriteSpec[] {
  return chain.flatMap((migration) =>
    migration.kind === 'reset' && Object.keys(migration.operations).length > 0 ? [migration.operations] : [],
  )
}

/** How pages rewrite what was never sent: they hold the outbox, and no SQL. */
export function resetsModule(chain: readonly Migration[]): string {
  return `// Made by \`pnpm db:generate\` from chain.json. Do not edit.
import type { RewriteSpec } from '../chain/migration.ts'

/** How each reset that changed the form of operations rewrites those that were never sent, oldest first. */
export const RESETS: readonly RewriteSpec[] = ${JSON.stringify(resetsOf(chain), null, 2)}
`
}
