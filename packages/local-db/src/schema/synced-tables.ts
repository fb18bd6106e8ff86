import { SYNCED_SHAPES, type SyncedShape } from './generated/entities.ts'

export interface SyncedTable {
  table: string
  primaryKey: string[]
  /** Columns that we store. A newer server may send more: they are left out, or the insert would fail. */
  columns: ReadonlySet<string>
}

/** Which table a shape fills. */
export const SYNCED_TABLES = Object.fromEntries(
  Object.entries(SYNCED_SHAPES).map(([shape, { table, primaryKey, columns }]): [string, SyncedTable] => [
    shape,
    { table, primaryKey: [...primaryKey], columns: new Set(Object.keys(columns)) },
  ]),
) as Record<SyncedShape, SyncedTable>
