import type { Column, Table } from '../catalog/table.ts'
import { quoteIdentifier } from '../database.ts'
import { parseBounded } from '../where/parse-bounded.ts'
import { WhereError } from '../where/where-error.ts'

const DIRECTIONS: Record<string, string> = { SORTBY_DEFAULT: '', SORTBY_ASC: ' ASC', SORTBY_DESC: ' DESC' }
const NULLS: Record<string, string> = {
  SORTBY_NULLS_DEFAULT: '',
  SORTBY_NULLS_FIRST: ' NULLS FIRST',
  SORTBY_NULLS_LAST: ' NULLS LAST',
}

/**
 * Reads `n DESC NULLS LAST, id` and writes it anew, of known columns only, each with its table: what is selected may have
 * the name of a column.
 */
export async function parseOrderBy(text: string, { table }: Table, columns: readonly Column[]): Promise<string> {
  const { stmts } = await parseBounded(`SELECT 1 ORDER BY ${text}\n`)
  const [statement] = stmts ?? []
  if (!statement || stmts?.length !== 1) throw new WhereError('Unexpected `;` in order by')
  const select = statement.stmt && 'SelectStmt' in statement.stmt ? statement.stmt.SelectStmt : undefined
  const items = (select?.sortClause ?? []).map((item) => {
    const sort = 'SortBy' in item ? item.SortBy : undefined
    const field = sort?.node && 'ColumnRef' in sort.node ? sort.node.ColumnRef.fields : undefined
    const [first] = field ?? []
    const name = field?.length === 1 && first && 'String' in first ? first.String.sval : undefined
    const direction = DIRECTIONS[sort?.sortby_dir ?? '']
    const nulls = NULLS[sort?.sortby_nulls ?? '']
    if (name === undefined || direction === undefined || nulls === undefined)
      throw new WhereError('only columns can be ordered by')
    if (!columns.some((column) => column.name === name)) throw new WhereError(`unknown reference ${name}`)
    return `${quoteIdentifier(table)}.${quoteIdentifier(name)}${direction}${nulls}`
  })
  if (items.length === 0) throw new WhereError('is not an order')
  return items.join(', ')
}
