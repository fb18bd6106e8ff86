import type { Table } from '../catalog/table.ts'
import { type Database, quoteIdentifier, quoteLiteral, sqlState } from '../database.ts'
import { type CompiledWhere, compileWhere, type UnreadWhere } from './compile-where.ts'
import { equalities } from './equalities.ts'
import { parseWhere } from './parse-where.ts'
import { columnType } from './sql-type.ts'
import { parseValue } from './value.ts'
import { WhereError } from './where-error.ts'

export interface TableWhere extends CompiledWhere {
  sql: string
  canonical: string
}

/** Parses, compiles and type-checks a clause for a table. Throws a WhereError. */
export async function defineWhere(
  database: Database,
  table: Table,
  where: string,
  parameters: readonly string[],
): Promise<TableWhere> {
  const { sql, node, canonical } = await parseWhere(where, parameters)
  const { pins, literals, ...compiled } = compileWhere(node, columnTypes(table))
  await readLiterals(database, literals)
  await checkTypes(database, table, sql)
  return { ...compiled, equalities: equalities(pins), sql, canonical }
}

function columnTypes(table: Table) {
  return new Map(
    table.columns.map((column) => [
      column.name,
      { type: columnType(column), isDeterministic: column.collation?.isDeterministic !== false },
    ]),
  )
}

/** Postgres reads literals, so that `'2024-12-31T00:00:00Z'` and `'tomorrow'` mean what they mean in its snapshot. */
async function readLiterals(database: Database, literals: UnreadWhere['literals']): Promise<void> {
  if (literals.length === 0) return
  const casts = literals.map(({ text, type }) => `${quoteLiteral(text)}::${type.name}`)
  const [row = []] = await valid(async () => {
    const { rows } = await database.query<(string | null)[]>({ text: `SELECT ${casts.join(', ')}`, rowMode: 'array' })
    return rows
  })
  for (const [index, literal] of literals.entries()) {
    const text = row[index] ?? null
    literal.value = text === null ? null : parseValue(literal.type, text)
  }
}

/** The snapshot is read by Postgres, so what it refuses must be refused before there is a shape. */
async function checkTypes(database: Database, table: Table, sql: string): Promise<void> {
  const relation = `${quoteIdentifier(table.schema)}.${quoteIdentifier(table.table)}`
  await valid(() => database.query(`SELECT FROM ${relation} WHERE (${sql}\n) LIMIT 0`))
}

async function valid<T>(query: () => Promise<T>): Promise<T> {
  try {
    return await query()
  } catch (error) {
    // Classes 22 (data) and 42 (syntax, names, types) are about the clause; anything else is about the database.
    if (error instanceof Error && /^(22|42)/.test(sqlState(error) ?? '')) throw new WhereError(error.message)
    throw error
  }
}
