import type { ResolvedColumn, ResolvedEntity } from './resolve-entity.ts'
import type { ColumnDescription, TableDescription } from './table-description.ts'

/**
 * The server's rows. No constraint beyond the key: one row that failed a check would cost the whole batch of the shape it
 * came with.
 */
export function syncedTable({ shape, syncedTable, columns, primaryKey, indexes }: ResolvedEntity): TableDescription {
  return {
    name: syncedTable,
    comment: `Written by the shape \`${shape}\` alone.`,
    columns: columns.map(({ name, type }) => ({ name, type })),
    primaryKey: [...primaryKey],
    indexes: Object.fromEntries(indexes.map((names) => [`${syncedTable}_${names.join('_')}`, [...names]])),
  }
}

/** Columns of which the device may hold values of its own. */
export function localColumns({ columns, writes }: ResolvedEntity): ResolvedColumn[] {
  if (!writes) return []
  return columns.filter(({ name }) => writes.insertable.includes(name) || writes.mutable.includes(name))
}

/** What the operations that count make of a row; undefined where members only read. */
export function localTable(entity: ResolvedEntity): TableDescription | undefined {
  const { localTable, writes } = entity
  if (!writes) return undefined
  const own = localColumns(entity).map(
    ({ name, type }): ColumnDescription => ({
      name,
      type,
      ...(writes.mergedByKey.includes(name) ? { comment: 'Its changed keys alone.' } : {}),
    }),
  )
  return {
    name: localTable,
    comment: 'Written by its projection alone.',
    columns: [
      { name: 'id', type: 'uuid', isNotNull: true },
      ...own,
      { name: 'changed_columns', type: 'text[]', isNotNull: true },
      { name: 'is_new', type: 'boolean', isNotNull: true },
      { name: 'is_deleted', type: 'boolean', isNotNull: true },
      { name: 'write_id', type: 'uuid', comment: 'The last operation of which something stands.' },
      { name: 'captured_at', type: 'timestamp with time zone', comment: 'Of a new row: when it was written.' },
    ],
    primaryKey: ['id'],
  }
}
