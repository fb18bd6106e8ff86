import type { Column, Table } from '../catalog/table.ts'
import { quoteIdentifier, quoteLiteral } from '../database.ts'
import type { Row } from '../replication/transaction.ts'
import type { ShapeDefinition } from './definition.ts'
import { rowKey } from './row-key.ts'

/** Rows of tables that inherit are not replicated as rows of their parent; those of partitions are. */
export function relationOf({ isPartitioned, schema, table }: Table): string {
  return `${isPartitioned ? '' : 'ONLY '}${quoteIdentifier(schema)}.${quoteIdentifier(table)}`
}

export function fromWhere({ table, where }: ShapeDefinition): string {
  return `FROM ${relationOf(table)}${where ? ` WHERE (${where.sql}\n)` : ''}`
}

/** The value of a message that does not come from the log. */
export const booleanWords = (columns: readonly Column[], row: Row): Row =>
  Object.fromEntries(
    columns.map((column) => {
      const text = row[column.name] ?? null
      return [column.name, isBoolean(column) ? booleanWord(text) : text]
    }),
  )

const insertHeaders = ({ table }: ShapeDefinition) => ({ operation: 'insert', relation: [table.schema, table.table] })

/** Snapshots say `true` where the log says `t`, because the real service casts its rows to text. */
const booleanWord = (text: string | null) => (text === null ? null : text === 't' ? 'true' : 'false')
const isBoolean = ({ baseTypeName, isArray }: Column) => baseTypeName === 'bool' && !isArray

/**
 * The rows of a shape as messages that Postgres itself writes: one column of text, a comma before each message. Every
 * value is printed by its type's output function, as in the log: a cast to text would cut the padding of `char(n)`, for
 * instance. `extraHeaders` go into every message.
 */
export function selectMessages(definition: ShapeDefinition, extraHeaders: Record<string, unknown> = {}): string {
  const headers = { ...insertHeaders(definition), ...extraHeaders }
  const parts: Part[] = [{ text: ',{"key":' }, ...keyParts(definition), { text: ',"value":{' }]
  for (const [index, column] of definition.columns.entries()) {
    parts.push({ text: `${index > 0 ? ',' : ''}${JSON.stringify(column.name)}:` }, ...valueParts(column))
  }
  parts.push({ text: `},"headers":${JSON.stringify(headers)}}` })
  return `SELECT ${concatenation(parts)} ${fromWhere(definition)}`
}

type Part = { text: string } | { sql: string }

/** Types whose text needs no escaping in JSON and is the same in a cast. */
const PLAIN = new Set(
  'int2 int4 int8 oid float4 float8 numeric uuid date time timetz timestamp timestamptz interval'.split(' '),
)
const TEXTS = new Set(['text', 'varchar'])
const isPlain = ({ baseTypeName, isArray }: Column) => PLAIN.has(baseTypeName) && !isArray
const isText = ({ baseTypeName, isArray }: Column) => TEXTS.has(baseTypeName) && !isArray

function valueParts(column: Column): Part[] {
  const name = quoteIdentifier(column.name)
  if (isPlain(column) && column.isNotNull) return [{ text: '"' }, { sql: name }, { text: '"' }]
  if (isPlain(column) || isBoolean(column)) return [{ sql: `coalesce('"' || ${name}::text || '"', 'null')` }]
  if (isText(column)) return [{ sql: `coalesce(to_json(${name}::text), 'null')` }]
  return [{ sql: `CASE WHEN ${isNull(name)} THEN 'null' ELSE to_json(concat(${name})) END` }]
}

/** Also for a row whose columns are all NULL, of which `IS NULL` holds though it is none. */
const isNull = (name: string) => `${name} IS NOT DISTINCT FROM NULL`

function keyParts({ table, columns, keyColumns }: ShapeDefinition): Part[] {
  const prefix = rowKey(table, [], {})
  const keys = keyColumns.flatMap((name) => columns.filter((column) => column.name === name))
  if (keys.every((column) => isPlain(column) && column.isNotNull)) {
    const texts = keys.flatMap(({ name }): Part[] => [
      { text: '/\\"' },
      { sql: quoteIdentifier(name) },
      { text: '\\"' },
    ])
    return [{ text: JSON.stringify(prefix).slice(0, -1) }, ...texts, { text: '"' }]
  }
  const values = keys.map(({ name }): Part => {
    const column = quoteIdentifier(name)
    const text = `concat('/"', replace(concat(${column}), '/', '//'), '"')`
    return { sql: `CASE WHEN ${isNull(column)} THEN '/_' ELSE ${text} END` }
  })
  return [{ sql: `to_json(${concatenation([{ text: prefix }, ...values])})` }]
}

/** Postgres allows a hundred arguments. */
const MAX_ARGUMENTS = 90

function concatenation(parts: readonly Part[]): string {
  let level = joinTexts(parts).map((part) => ('sql' in part ? part.sql : quoteLiteral(part.text)))
  while (level.length > MAX_ARGUMENTS)
    level = groupsOf(level, MAX_ARGUMENTS).map((group) => `concat(${group.join(', ')})`)
  return `concat(${level.join(', ')})`
}

function joinTexts(parts: readonly Part[]): Part[] {
  const joined: Part[] = []
  for (const part of parts) {
    const last = joined.at(-1)
    if (last && 'text' in last && 'text' in part) joined[joined.length - 1] = { text: last.text + part.text }
    else joined.push(part)
  }
  return joined
}

function groupsOf<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  )
}
