import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Migration, MigrationEntry } from '../../schema/chain/migration.ts'
import { WRITABLE_ENTITIES } from '../../schema/generated/entities.ts'
import { MIGRATIONS_FOLDER, MigrationsFolderError, readMigrations, resetsModule } from './migrations-folder.ts'
import { assertLeadsToSchema } from './next-migration.ts'
import { assertContinues } from './released-migrations.ts'
import { returningNames } from './returning-names.ts'

/** By entity, as operations name it: what its payload may have. */
const PRESENT_PAYLOAD_KEYS = Object.fromEntries(
  Object.entries(WRITABLE_ENTITIES).map(([entity, { payloadKeys }]) => [entity, Object.values(payloadKeys)]),
)

export interface CheckOptions {
  schemaSql: string
  payloadKeys?: Readonly<Record<string, readonly string[]>>
  /** What must not have changed. */
  released?: readonly MigrationEntry[]
  folder?: string
}

/**
 * Everything that must hold of the migrations before a build or a merge.
 *
 * @throws MigrationsFolderError, ChainHashError, ChainDiffersError
 */
export async function checkMigrations({
  schemaSql,
  payloadKeys = PRESENT_PAYLOAD_KEYS,
  released = [],
  folder = MIGRATIONS_FOLDER,
}: CheckOptions): Promise<Migration[]> {
  const chain = await readMigrations(folder)
  assertContinues(released, chain)
  const resets = chain.flatMap((migration) => (migration.kind === 'reset' ? [migration.operations] : []))
  const returning = returningNames(resets, payloadKeys)
  if (returning.length > 0)
    throw new MigrationsFolderError(
      `A reset took away ${returning.join(', ')}, and it stands there again. Give it another name: an operation of today would be rewritten like one of then.`,
    )
  const written = await readFile(join(folder, 'resets.ts'), 'utf8').catch(() => '')
  if (written !== resetsModule(chain))
    throw new MigrationsFolderError('resets.ts is not what chain.json says. Run `pnpm db:generate`.')
  await assertLeadsToSchema(chain, schemaSql)
  return chain
}
