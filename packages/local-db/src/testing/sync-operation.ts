import type { PGlite } from '@electric-sql/pglite'

/** Columns of `sync_operations` that tests put there themselves. */
export interface SyncOperationRow {
  op_id: string
  place: number
  entity: string
  entity_id: string
  action: string
  state: string
  changes: Record<string, unknown> | null
  txid: number | null
  version: number | null
  conflict: Record<string, { kept: unknown; lost: unknown }> | null
  captured_at: string
}

/** Puts an operation there as reconciling does: a new row, or another state of one that is there. */
export async function putOperation(
  pg: Pick<PGlite, 'query'>,
  row: Pick<SyncOperationRow, 'op_id' | 'entity' | 'entity_id' | 'action' | 'state'> & Partial<SyncOperationRow>,
): Promise<void> {
  const { place = 1, changes = null, txid = null, version = null, conflict = null, captured_at = '2026-01-01' } = row
  await pg.query(
    `INSERT INTO sync_operations
      (op_id, place, entity, entity_id, action, state, label, changes, txid, version, conflict, captured_at)
    VALUES ($1, $2, $3, $4, $5, $6, 'test', $7, $8, $9, $10, $11)
    ON CONFLICT (op_id) DO UPDATE SET
      place = excluded.place, state = excluded.state, changes = excluded.changes, txid = excluded.txid,
      version = excluded.version, conflict = excluded.conflict`,
    [row.op_id, place, row.entity, row.entity_id, row.action, row.state, changes, txid, version, conflict, captured_at],
  )
}
