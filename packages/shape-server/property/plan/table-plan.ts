import { quoteIdentifier, quoteLiteral } from '../../src/database.ts'
import type { SeededRandom } from '../seeded-random.ts'
import { type ColumnKind, ENUM, ENUM_VALUES, KEY_KINDS, KINDS } from './column-kind.ts'

export interface ColumnPlan {
  name: string
  kind: ColumnKind
  isNullable: boolean
}

export interface TablePlan {
  name: string
  /** The name as it stands in SQL and in the parameter `table`, schema and quotes included. */
  qualified: string
  schema: string
  columns: ColumnPlan[]
  /** What tells rows apart, whether it is the primary key or, without one, a column with unique values. */
  identity: ColumnPlan[]
  hasPrimaryKey: boolean
  isPartitioned: boolean
  /** Has an extra column that no statement names, for changes of the table itself. */
  changesColumns: boolean
}

const TABLE_NAMES = ['items', 'Quoted Name', 'q"uote', 'größe', 'dot.ted', 'order']
const KEY_NAMES = ['id', 'Key Two']
const COLUMN_NAMES = ['a', 'b', 'Title Case', 'we"ird', 'com,ma', 'ünï', 'value', 'select', 'x.y', 'old_value']

export const EXTRA_COLUMN = 'extra'

export function planTable(random: SeededRandom, schema: string, index: number): TablePlan {
  const style = random.weighted({ single: 6, composite: 3, none: 2 })
  const keys = KEY_NAMES.slice(0, style === 'composite' ? 2 : 1).map(
    (name): ColumnPlan => ({ name, kind: random.pick(KEY_KINDS), isNullable: false }),
  )
  const names = [...COLUMN_NAMES]
  const others = Array.from({ length: random.between(1, 6) }, (): ColumnPlan => {
    const [name = 'c'] = names.splice(random.between(0, names.length - 1), 1)
    const kind = random.pick(KINDS)
    // The client takes a NULL among the items of an array that is NOT NULL for an error.
    return { name, kind, isNullable: kind.type.endsWith('[]') || random.chance(0.8) }
  })
  // The order of the definition, and the order of the key, need not be each other's.
  const columns = random.chance(0.7) ? [...keys, ...others] : [...others, ...keys.toReversed()]
  const name = index === 0 ? random.pick(TABLE_NAMES) : `${random.pick(TABLE_NAMES)} ${index}`
  return {
    name,
    schema,
    qualified: `${quoteIdentifier(schema)}.${quoteIdentifier(name)}`,
    columns,
    identity: keys,
    hasPrimaryKey: style !== 'none',
    isPartitioned: style !== 'none' && random.chance(0.12),
    changesColumns: random.chance(0.04),
  }
}

/** Statements that make the schema with these tables. */
export function createTables(schema: string, tables: readonly TablePlan[]): string[] {
  const labels = ENUM_VALUES.map(quoteLiteral).join(', ')
  return [
    `CREATE SCHEMA ${quoteIdentifier(schema)}`,
    `CREATE TYPE ${typeName(ENUM, schema)} AS ENUM (${labels})`,
    ...tables.flatMap(createTable),
  ]
}

function createTable({ qualified, schema, name, columns, identity, ...table }: TablePlan): string[] {
  const key = identity.map((column) => quoteIdentifier(column.name))
  const definitions = [
    ...columns.map(
      (column) =>
        `${quoteIdentifier(column.name)} ${typeName(column.kind.type, schema)}${column.isNullable ? '' : ' NOT NULL'}`,
    ),
    ...(table.changesColumns ? [`${EXTRA_COLUMN} int DEFAULT 7`] : []),
    `${table.hasPrimaryKey ? 'PRIMARY KEY' : 'UNIQUE'} (${key.join(', ')})`,
  ]
  const create = `CREATE TABLE ${qualified} (${definitions.join(', ')})`
  if (!table.isPartitioned) return [create]
  return [
    `${create} PARTITION BY HASH (${key[0]})`,
    ...[0, 1].map(
      (remainder) =>
        `CREATE TABLE ${quoteIdentifier(schema)}.${quoteIdentifier(`${name} part ${remainder}`)} PARTITION OF ${qualified} FOR VALUES WITH (MODULUS 2, REMAINDER ${remainder})`,
    ),
  ]
}

/** The type, or an expression with it, in the schema of the run. */
export const typeName = (sql: string, schema: string) => sql.replaceAll(ENUM, `${quoteIdentifier(schema)}.mood`)
