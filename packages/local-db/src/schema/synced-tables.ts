import type { LeadRow, ReceiptRow, ShapeName } from '@landfall/contract'

export interface SyncedTable {
  table: string
  primaryKey: string[]
  /** Columns that we store. A newer server may send more: they are left out, or the insert would fail. */
  columns: ReadonlySet<string>
}

const RECEIPT_COLUMNS = [
  'lead_id',
  'status',
  'form_title',
  'captured_at',
  'received_at',
  'status_changed_at',
  'version',
] as const satisfies readonly (keyof ReceiptRow)[]

const LEAD_COLUMNS = [
  'id',
  'form_id',
  'form_version',
  'values',
  'attribution',
  'status',
  'captured_at',
  'received_at',
  'captured_offline',
  'clock_skew_ms',
  'updated_at',
  'version',
  'write_id',
] as const satisfies readonly (keyof LeadRow)[]

/** Which table a shape fills. */
export const SYNCED_TABLES: Record<ShapeName, SyncedTable> = {
  receipts: { table: 'receipts_synced', primaryKey: ['lead_id'], columns: new Set(RECEIPT_COLUMNS) },
  leads: { table: 'leads_synced', primaryKey: ['id'], columns: new Set(LEAD_COLUMNS) },
}
