import type { ColumnDescription, TableDescription } from '../table-description.ts'
import { quoteName } from './quote-name.ts'
import { commentLines } from './sql-layout.ts'

export function tableSql(table: TableDescription): string {
  const lines = table.columns.flatMap((column) => [
    ...commentLines(column.comment, '  '),
    `  ${quoteName(column.name)} ${columnSql(column)},`,
  ])
  lines.push(`  PRIMARY KEY (${table.primaryKey.map(quoteName).join(', ')})`)
  const indexes = Object.entries(table.indexes ?? {}).map(
    ([name, columns]) => `CREATE INDEX ${name} ON ${table.name} (${columns.map(quoteName).join(', ')});`,
  )
  return [...commentLines(table.comment), `CREATE TABLE ${table.name} (`, ...lines, ');', ...indexes].join('\n')
}

function columnSql({ type, isNotNull, default: given, check }: ColumnDescription): string {
  const parts = [type]
  if (isNotNull) parts.push('NOT NULL')
  if (given !== undefined) parts.push(`DEFAULT ${given}`)
  if (check !== undefined) parts.push(`CHECK (${check})`)
  return parts.join(' ')
}
