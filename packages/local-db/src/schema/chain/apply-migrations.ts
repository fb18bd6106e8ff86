import type { PGliteInterface } from '@electric-sql/pglite'
import type { Migration } from './migration.ts'
import { readAppliedMigrations, readEveryRelation, recordMigrations } from './stored-schema.ts'

export type AdditiveMigration = Extract<Migration, { kind: 'additive' }>

/** A migration could not be applied; the database is as it was. */
export class MigrationError extends Error {
  override name = 'MigrationError'
}

/**
 * Brings a database in use from `from` to the last of `migrations`, in one transaction. Another worker may have been
 * quicker: then nothing is done.
 *
 * @throws MigrationError
 */
export async function applyMigrations(
  pg: PGliteInterface,
  from: string,
  migrations: readonly AdditiveMigration[],
): Promise<void> {
  try {
    await pg.transaction(async (tx) => {
      const before = (await readAppliedMigrations(tx)).at(-1)?.hash
      if (before === migrations.at(-1)?.hash) return
      if (before !== from) throw new Error(`the database is at ${before}, not at ${from}`)
      for (const { sql } of migrations) await execute(tx, sql)
      await recordMigrations(tx, migrations)
      await readEveryRelation(tx)
    })
  } catch (cause) {
    const names = migrations.map(({ name }) => name).join(', ')
    throw new MigrationError(`${names}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause })
  }
}

type Querying = Pick<PGliteInterface, 'query'>

/** From inside a block no statement can end the transaction: half a migration would stay. */
async function execute(tx: Querying, sql: string): Promise<void> {
  await tx.query(`SELECT set_config('landfall.migration', $1, true)`, [sql])
  await tx.query(`DO $block$ BEGIN EXECUTE current_setting('landfall.migration'); END $block$`)
}
