import { type FollowedShape, SHAPE_COLUMNS } from '@landfall/contract'

export interface SyncedTable {
  table: string
  primaryKey: string[]
  /** Columns that we store. A newer server may send more: they are left out, or the insert would fail. */
  columns: ReadonlySet<string>
}

/** Which table a shape fills. */
export const SYNCED_TABLES: Record<FollowedShape, SyncedTable> = {
  receipts: { table: 'receipts_synced', primaryKey: ['lead_id'], columns: new Set(SHAPE_COLUMNS.receipts) },
  leads: { table: 'leads_synced', primaryKey: ['id'], columns: new Set(SHAPE_COLUMNS.leads) },
}
