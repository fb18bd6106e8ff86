import type { Transaction } from '@electric-sql/pglite'
import type { PostgresText, SyncedRow } from './shape-messages.ts'
import { quoted, type SyncedTable } from './synced-table.ts'

const SPECIAL = /[\\\b\f\n\r\t\v]/
const ESCAPES: Record<string, string> = {
  '\\': '\\\\',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
}

/**
 * Adds rows by COPY, several times faster than INSERT. Rows of a key that is there already are an error.
 *
 * In COPY's text format, where NULL can be told from every text. A column that the rows don't have stays NULL, one that
 * the table doesn't have is left out: servers and devices may be a version apart.
 */
export async function copyRows(tx: Transaction, table: SyncedTable, rows: readonly SyncedRow[]): Promise<void> {
  const [first] = rows
  if (!first) return
  const columns = table.columns.map(({ name }) => name).filter((name) => name in first)
  const blob = new Blob([copyText(columns, rows)])
  await tx.query(`COPY ${table.sql} (${columns.map(quoted).join(', ')}) FROM '/dev/blob'`, [], { blob })
}

export function copyText(columns: readonly string[], rows: readonly SyncedRow[]): string {
  let text = ''
  for (const row of rows) {
    let separator = ''
    for (const column of columns) {
      text += separator + copyField(row[column])
      separator = '\t'
    }
    text += '\n'
  }
  return text
}

function copyField(value: PostgresText | undefined): string {
  if (value === null || value === undefined) return '\\N'
  return SPECIAL.test(value) ? value.replace(/[\\\b\f\n\r\t\v]/g, (special) => ESCAPES[special] ?? special) : value
}
