import type { PGliteInterface, Transaction } from '@electric-sql/pglite'
import { onConflict } from './apply-changes.ts'
import { quoted, type SyncedTable } from './synced-table.ts'

const SCHEMA = 'refetch'

/**
 * A place to collect a shape in while its table still shows the rows from before. Without the table's triggers, and not
 * in the WAL: a crash begins it anew.
 */
export async function beginRefetch(pg: PGliteInterface, table: SyncedTable): Promise<SyncedTable> {
  const sql = `${SCHEMA}.${quoted(table.name)}`
  await pg.transaction(async (tx) => {
    await tx.exec(`CREATE SCHEMA IF NOT EXISTS ${SCHEMA}; DROP TABLE IF EXISTS ${sql};
      CREATE UNLOGGED TABLE ${sql} (LIKE ${table.sql} INCLUDING INDEXES INCLUDING GENERATED)`)
  })
  return { ...table, sql }
}

/** Makes the table what was collected. Only rows that differ are touched, so only those reach triggers and readers. */
export async function endRefetch(tx: Transaction, table: SyncedTable, collected: SyncedTable): Promise<void> {
  const key = table.primaryKey.map((name) => `kept.${quoted(name)} = stored.${quoted(name)}`).join(' AND ')
  const names = table.columns.map(({ name }) => quoted(name))
  const update = onConflict(table, table.columns)
  // Whole rows by their bytes, for types that have no equality.
  const differs = 'stored.* *<> excluded.*'
  await tx.exec(`
    DELETE FROM ${table.sql} AS stored WHERE NOT EXISTS (SELECT FROM ${collected.sql} AS kept WHERE ${key});
    INSERT INTO ${table.sql} AS stored (${names.join(', ')}) SELECT ${names.join(', ')} FROM ${collected.sql}
      ON CONFLICT (${table.primaryKey.map(quoted).join(', ')}) ${update === 'DO NOTHING' ? update : `${update} WHERE ${differs}`};
    DROP TABLE ${collected.sql}`)
}
