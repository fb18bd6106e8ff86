import type { PGliteInterface } from '@electric-sql/pglite'
import type { RewriteSpec } from './migration.ts'
import { rewriteOperation } from './rewrite-operation.ts'

/** A row of `sync_operations`, whatever columns its schema has. */
export type WrittenRow = Record<string, unknown> & {
  entity: string
  action: 'insert' | 'update' | 'delete'
  changes: Record<string, unknown> | null
}

/**
 * What was written into a database and is not in the outbox yet, in the order of writing: all that would be lost with it.
 * Throws where the database can't be read.
 */
export async function readWritten(pg: PGliteInterface): Promise<WrittenRow[]> {
  const { rows } = await pg.query<{ row: WrittenRow }>(
    `SELECT to_jsonb(o) AS row FROM sync_operations AS o WHERE state = 'written' ORDER BY place`,
  )
  return rows.map(({ row }) => row)
}

/**
 * Puts them into the database that takes its place, rewritten over the resets between. What has no meaning any more goes
 * along as it was: the outbox keeps it with its values when the server refuses it.
 */
export async function carryWritten(
  pg: PGliteInterface,
  rows: readonly WrittenRow[],
  resets: readonly RewriteSpec[],
): Promise<void> {
  if (rows.length === 0) return
  const carried = rows.map((row) => {
    const { entity, action, changes } = row
    if (changes === null) return row
    const rewrite = rewriteOperation({ entity, action, payload: changes }, resets)
    return rewrite.kind === 'rewritten' ? { ...row, changes: rewrite.write.payload } : row
  })
  // Columns that the new schema does not have are left out, and its own get their defaults.
  const columns = await sharedColumns(pg, carried)
  await pg.query(
    `INSERT INTO sync_operations (${columns})
     SELECT ${columns} FROM jsonb_populate_recordset(NULL::sync_operations, $1) ON CONFLICT DO NOTHING`,
    [JSON.stringify(carried)],
  )
}

async function sharedColumns(pg: PGliteInterface, rows: readonly WrittenRow[]): Promise<string> {
  const { rows: columns } = await pg.query<{ name: string }>(
    `SELECT quote_ident(attname) AS name FROM pg_attribute
     WHERE attrelid = 'sync_operations'::regclass AND attnum > 0 AND NOT attisdropped AND attname = ANY ($1)`,
    [Object.keys(rows[0] ?? {})],
  )
  return columns.map(({ name }) => name).join(', ')
}
