import type { TableName } from '../catalog/identifier.ts'
import { quoteIdentifier } from '../database.ts'
import type { Row } from '../replication/transaction.ts'

/** `"schema"."table"/"v1"/"v2"`: names a row within all shapes of its table. */
export function rowKey(table: TableName, keyColumns: readonly string[], row: Row): string {
  const prefix = `${quoteIdentifier(table.schema)}.${quoteIdentifier(table.table)}`
  return keyColumns.reduce((key, column) => `${key}/${keyPart(row[column] ?? null)}`, prefix)
}

const keyPart = (value: string | null) => (value === null ? '_' : `"${value.replaceAll('/', '//')}"`)
