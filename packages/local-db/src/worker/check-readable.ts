import type { PGlite } from '@electric-sql/pglite'

/**
 * Reads from every table and every view, so that a database that opens but can't be read counts as broken now and not in a
 * live query. The first row only: large tables are read whole by `checkPages`, later.
 */
export async function checkReadable(pg: PGlite): Promise<void> {
  const { rows } = await pg.query<{ relation: string }>(
    `SELECT format('%I.%I', nspname, relname) AS relation
     FROM pg_class JOIN pg_namespace AS namespace ON namespace.oid = relnamespace
     WHERE relkind IN ('r', 'v') AND nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')
       AND relpersistence = 'p'`,
  )
  if (rows.length === 0) throw new Error('its catalog names no table')
  await pg.exec(rows.map(({ relation }) => `SELECT FROM ${relation} LIMIT 1`).join(';'))
}
