import { localColumns } from '../entity-tables.ts'
import type { ResolvedColumn, ResolvedEntity, ResolvedWrites } from '../resolve-entity.ts'
import { quoteName, quoteText } from './quote-name.ts'

/** The view of an entity; undefined where it has none. */
export function viewSql(entity: ResolvedEntity): string | undefined {
  const { view, writes } = entity
  if (view === null) return undefined
  return `CREATE VIEW ${view} AS\n${writes ? overlaidSelect(entity, writes) : plainSelect(entity)};`
}

function plainSelect({ columns, syncedTable }: ResolvedEntity): string {
  return `SELECT\n${columns.map((column) => `  ${named(column, synced(column))}`).join(',\n')}\nFROM ${syncedTable} AS synced`
}

/** The server's rows under the local ones, and then what the server has not got yet. */
function overlaidSelect(entity: ResolvedEntity, writes: ResolvedWrites): string {
  const { columns, syncedTable, localTable } = entity
  const expressions = withBookkeeping(
    columns,
    columns.map((column) => named(column, overlaid(column, writes))),
    ['local.write_id IS NOT NULL AS _has_local_changes', 'local.write_id AS _pending_write_id'],
  )
  const frozen = writes.frozenWhen === null ? '' : ` AND (${writes.frozenWhen}) IS NOT TRUE`
  const lines = [
    'SELECT',
    expressions.map((expression) => `  ${expression}`).join(',\n'),
    `FROM ${syncedTable} AS synced`,
    `LEFT JOIN ${localTable} AS local ON local.id = synced.id${frozen}`,
  ]
  if (writes.isDeletable) lines.push('WHERE local.is_deleted IS NOT TRUE')
  if (writes.insertable.length > 0) lines.push('UNION ALL', newRows(entity, writes))
  return lines.join('\n')
}

function newRows(entity: ResolvedEntity, writes: ResolvedWrites): string {
  const own = new Set(['id', ...localColumns(entity).map(({ name }) => name)])
  const expressions = entity.columns.map((column) => {
    const given = writes.shownWhenNew[column.name]
    if (given !== undefined) return named(column, given)
    return named(column, own.has(column.name) ? `local.${quoteName(column.name)}` : `NULL::${column.type}`)
  })
  return [
    'SELECT',
    withBookkeeping(entity.columns, expressions, ['local.write_id IS NOT NULL', 'local.write_id'])
      .map((expression) => `  ${expression}`)
      .join(',\n'),
    `FROM ${entity.localTable} AS local`,
    '-- A row that the server has is not new: its projection sees to that.',
    'WHERE local.is_new AND NOT local.is_deleted',
  ].join('\n')
}

/** Directly after the key: a view that is in use can be given new columns at its end alone. */
function withBookkeeping(columns: readonly ResolvedColumn[], expressions: readonly string[], own: readonly string[]) {
  const at = columns.findLastIndex(({ isKey }) => isKey) + 1
  return [...expressions.slice(0, at), ...own, ...expressions.slice(at)]
}

function overlaid(column: ResolvedColumn, { mutable, mergedByKey }: ResolvedWrites): string {
  if (!mutable.includes(column.name)) return synced(column)
  const local = `local.${quoteName(column.name)}`
  const shown = mergedByKey.includes(column.name) ? `merge_by_key(${synced(column)}, ${local})` : local
  return `CASE WHEN ${quoteText(column.name)} = ANY (local.changed_columns) THEN ${shown} ELSE ${synced(column)} END`
}

function synced({ name, shownWhenAbsent }: ResolvedColumn): string {
  const column = `synced.${quoteName(name)}`
  return shownWhenAbsent === null ? column : `coalesce(${column}, ${shownWhenAbsent})`
}

function named({ name }: ResolvedColumn, expression: string): string {
  return expression.endsWith(`.${quoteName(name)}`) ? expression : `${expression} AS ${quoteName(name)}`
}
