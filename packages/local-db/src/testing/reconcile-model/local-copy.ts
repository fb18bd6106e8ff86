import type { PGlite } from '@electric-sql/pglite'

const TABLES = ['seen_txids', 'notes_synced', 'sync_operations', 'reconciled_revision'] as const

/** What a disk may fall back to: rows by table, and how far the shape was. */
export interface LocalCopy {
  rows: Record<(typeof TABLES)[number], string>
  position: number
}

export const EMPTY_COPY: LocalCopy = {
  rows: { seen_txids: '[]', notes_synced: '[]', sync_operations: '[]', reconciled_revision: '[]' },
  position: 0,
}

export async function keepCopy(pg: PGlite, position: number): Promise<LocalCopy> {
  const rows = { ...EMPTY_COPY.rows }
  for (const table of TABLES) {
    const all = await pg.query<{ rows: string }>(
      `SELECT coalesce(jsonb_agg(to_jsonb(t)), '[]')::text AS rows FROM ${table} AS t`,
    )
    rows[table] = all.rows[0]?.rows ?? '[]'
  }
  return { rows, position }
}

export async function fallBackTo(pg: PGlite, { rows }: LocalCopy): Promise<void> {
  await pg.transaction(async (tx) => {
    for (const table of TABLES) {
      await tx.query(`DELETE FROM ${table}`)
      await tx.query(`INSERT INTO ${table} SELECT * FROM jsonb_populate_recordset(NULL::${table}, $1::jsonb)`, [
        rows[table],
      ])
    }
  })
}
