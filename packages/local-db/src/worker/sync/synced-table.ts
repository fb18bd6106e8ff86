import type { PGliteInterface, Transaction } from '@electric-sql/pglite'

export interface SyncedColumn {
  name: string
  /** As SQL writes it, for a cast. */
  type: string
}

/** A table that a shape fills, as the database's own catalog describes it. */
export interface SyncedTable {
  /** For SQL, quoted and with its schema. */
  sql: string
  name: string
  columns: SyncedColumn[]
  primaryKey: string[]
}

/**
 * Read from the catalog and not from the build: a migration that arrives while a worker runs brings columns that the
 * worker's build has never heard of.
 */
export async function describeTable(pg: PGliteInterface | Transaction, name: string): Promise<SyncedTable> {
  const sql = `public.${quoted(name)}`
  const { rows } = await pg.query<{ name: string; type: string; keyPlace: number | null }>(
    `SELECT a.attname AS name, format_type(a.atttypid, a.atttypmod) AS type,
       array_position(i.indkey::smallint[], a.attnum)::integer AS "keyPlace"
     FROM pg_attribute AS a
     LEFT JOIN pg_index AS i ON i.indrelid = a.attrelid AND i.indisprimary
     WHERE a.attrelid = to_regclass($1) AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
     ORDER BY a.attnum`,
    [sql],
  )
  const key = rows.filter(({ keyPlace }) => keyPlace !== null)
  if (key.length === 0) throw new Error(`There is no table ${name} with a primary key to store the shape in`)
  return {
    sql,
    name,
    columns: rows.map((column) => ({ name: column.name, type: column.type })),
    primaryKey: key.sort((a, b) => (a.keyPlace ?? 0) - (b.keyPlace ?? 0)).map((column) => column.name),
  }
}

/** A name in SQL. */
export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}
