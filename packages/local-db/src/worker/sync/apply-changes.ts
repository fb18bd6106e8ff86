import type { Transaction } from '@electric-sql/pglite'
import type { NetChanges } from './fold-changes.ts'
import type { SyncedRow } from './shape-messages.ts'
import { quoted, type SyncedColumn, type SyncedTable } from './synced-table.ts'

/**
 * Writes changes, a statement for each kind and set of columns. A row that is there already is replaced, and one that is
 * missing is not missed: an answer may come twice.
 */
export async function applyChanges(tx: Transaction, table: SyncedTable, changes: NetChanges): Promise<void> {
  await deleteKeys(tx, table, changes.deletes)
  for (const { columns, rows } of byColumns(table, changes.upserts)) await upsertRows(tx, table, columns, rows)
  for (const { columns, rows } of byColumns(table, changes.patches)) await patchRows(tx, table, columns, rows)
}

async function deleteKeys(tx: Transaction, table: SyncedTable, keys: readonly string[][]): Promise<void> {
  if (keys.length === 0) return
  const columns = table.columns.filter(({ name }) => table.primaryKey.includes(name))
  const rows = keys.map((key) => Object.fromEntries(table.primaryKey.map((name, place) => [name, key[place] ?? null])))
  await tx.query(`DELETE FROM ${table.sql} AS stored USING ${recordset(columns)} WHERE ${sameKey(table, columns)}`, [
    JSON.stringify(rows),
  ])
}

async function upsertRows(
  tx: Transaction,
  table: SyncedTable,
  columns: readonly SyncedColumn[],
  rows: readonly SyncedRow[],
): Promise<void> {
  const names = columns.map(({ name }) => quoted(name)).join(', ')
  await tx.query(
    `INSERT INTO ${table.sql} (${names}) SELECT ${columns.map(typed).join(', ')} FROM ${recordset(columns)}
     ON CONFLICT (${table.primaryKey.map(quoted).join(', ')}) ${onConflict(table, columns)}`,
    [JSON.stringify(rows)],
  )
}

async function patchRows(
  tx: Transaction,
  table: SyncedTable,
  columns: readonly SyncedColumn[],
  rows: readonly SyncedRow[],
): Promise<void> {
  const changed = columns.filter(({ name }) => !table.primaryKey.includes(name))
  if (changed.length === 0) return
  const assignments = changed.map((column) => `${quoted(column.name)} = ${typed(column)}`).join(', ')
  await tx.query(
    `UPDATE ${table.sql} AS stored SET ${assignments} FROM ${recordset(columns)} WHERE ${sameKey(table, columns)}`,
    [JSON.stringify(rows)],
  )
}

export function onConflict(table: SyncedTable, columns: readonly SyncedColumn[]): string {
  const others = columns.filter(({ name }) => !table.primaryKey.includes(name)).map(({ name }) => quoted(name))
  if (others.length === 0) return 'DO NOTHING'
  return `DO UPDATE SET ${others.map((name) => `${name} = excluded.${name}`).join(', ')}`
}

/** Each value travels as text, and is cast to its column's type: JSON's null is SQL's, the text null is JSON's. */
function recordset(columns: readonly SyncedColumn[]): string {
  return `json_to_recordset($1::json) AS sent (${columns.map(({ name }) => `${quoted(name)} text`).join(', ')})`
}

function typed({ name, type }: SyncedColumn): string {
  return `sent.${quoted(name)}::${type}`
}

function sameKey(table: SyncedTable, columns: readonly SyncedColumn[]): string {
  return columns
    .filter(({ name }) => table.primaryKey.includes(name))
    .map((column) => `stored.${quoted(column.name)} = ${typed(column)}`)
    .join(' AND ')
}

/** Rows that bring the same columns, without those that the table doesn't have. */
function byColumns(
  table: SyncedTable,
  rows: readonly SyncedRow[],
): Iterable<{ columns: SyncedColumn[]; rows: SyncedRow[] }> {
  const groups = new Map<string, { columns: SyncedColumn[]; rows: SyncedRow[] }>()
  for (const row of rows) {
    const columns = table.columns.filter(({ name }) => name in row)
    const id = columns.map(({ name }) => name).join('\n')
    const group = groups.get(id)
    if (group) group.rows.push(row)
    else groups.set(id, { columns, rows: [row] })
  }
  return groups.values()
}
