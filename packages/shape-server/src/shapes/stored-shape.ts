import type { Column, Table } from '../catalog/table.ts'
import type { LogMode, Replica, ShapeDefinition } from './definition.ts'
import type { SnapshotJoin } from './snapshot-join.ts'

/** A shape as it stands on disk: what its log was made from, so that it can go on only if that is still the same. */
export interface StoredShape {
  table: Table
  where: { sql: string; columns: string[] } | null
  /** Names of the chosen columns; null for all. */
  columns: string[] | null
  replica: Replica
  log: LogMode
  join: { xmin: string; xmax: string; running: string[]; walPosition: string }
}

/** What is on disk is not what `storeShape` made. */
export class DamagedShapeError extends Error {
  override name = 'DamagedShapeError'
}

/** Throws a DamagedShapeError for what this version has not stored, so that it cannot keep the server from starting. */
export function parseStoredShape(description: unknown): StoredShape {
  const stored = description as Partial<StoredShape> | null | undefined
  const { table, where, columns, replica, log, join } = stored ?? {}
  const isWhole =
    [table?.schema, table?.table].every(isText) &&
    isListOf(table?.columns, (column) => isText((column as Column | null)?.name)) &&
    (where === null || (isText(where?.sql) && isListOf(where?.columns, isText))) &&
    (columns === null || isListOf(columns, isText)) &&
    (replica === 'default' || replica === 'full') &&
    (log === 'full' || log === 'changes_only') &&
    [join?.xmin, join?.xmax, join?.walPosition].every(isNumber) &&
    isListOf(join?.running, isNumber)
  if (!isWhole) throw new DamagedShapeError('the definition is not whole')
  return stored as StoredShape
}

const isText = (value: unknown) => typeof value === 'string'
const isNumber = (value: unknown) => typeof value === 'string' && /^\d+$/.test(value)
const isListOf = (value: unknown, isItem: (item: unknown) => boolean) => Array.isArray(value) && value.every(isItem)

/** What of a definition depends on the table. */
export function tablePartOf({ table, where, columns, hasColumnList }: ShapeDefinition) {
  return {
    table,
    where: where ? { sql: where.sql, columns: [...where.columns] } : null,
    columns: hasColumnList ? columns.map(({ name }) => name) : null,
  }
}

/** The same, and what of its subqueries depends on theirs. */
export function tablePartsOf(definition: ShapeDefinition): Pick<StoredShape, 'table' | 'where' | 'columns'>[] {
  const subqueries = definition.where?.plan?.subqueries ?? []
  const inner = subqueries.map(({ table, column, where }) => ({
    table,
    where: null,
    columns: [column, ...(where?.columns ?? [])],
  }))
  return [tablePartOf(definition), ...inner]
}

/** Undefined for a shape with subqueries: what they selected is not stored, so that it ends with the server. */
export function storeShape(
  definition: ShapeDefinition,
  { visibility, walPosition }: SnapshotJoin,
): StoredShape | undefined {
  const { replica, log, where } = definition
  if (where?.plan) return undefined
  return {
    ...tablePartOf(definition),
    replica,
    log,
    join: {
      xmin: String(visibility.xmin),
      xmax: String(visibility.xmax),
      running: visibility.running.map(String),
      walPosition: String(walPosition),
    },
  }
}

export function joinOf({ join }: StoredShape): SnapshotJoin {
  const visibility = { xmin: BigInt(join.xmin), xmax: BigInt(join.xmax), running: join.running.map(BigInt) }
  return { visibility, walPosition: BigInt(join.walPosition) }
}

/**
 * Why the log cannot go on with the table as the catalog describes it now; undefined when it can. Stricter than what is
 * noticed in the stream: what happened while the server was away may have left no trace there.
 */
export function differenceFrom(
  { table: before, where, columns }: Pick<StoredShape, 'table' | 'where' | 'columns'>,
  now: Table,
): string | undefined {
  if (now.oid !== before.oid) return 'the table is another one'
  if (!isSame(now.primaryKey, before.primaryKey)) return 'the primary key has changed'
  if (now.isPartition && !before.isPartition) return 'the table is a partition now'
  if (!isSame(now.partitions, before.partitions)) return 'the partitions have changed'
  const used = columns && new Set([...columns, ...(where?.columns ?? [])])
  const typesOf = (table: Table) => table.columns.filter(({ name }) => !used || used.has(name)).map(typeOf)
  return isSame(typesOf(now), typesOf(before)) ? undefined : 'the columns have changed'
}

const typeOf = ({ name, typeOid, typeModifier }: Column) => [name, typeOid, typeModifier]
const isSame = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b)
