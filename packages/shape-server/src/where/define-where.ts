import type { Node } from 'libpg-query'
import { type Column, loadTable, type Table } from '../catalog/table.ts'
import { type Database, quoteIdentifier, quoteLiteral, sqlState } from '../database.ts'
import { isCollatable } from './coercion.ts'
import type { InnerSelect } from './compile-subquery-plan.ts'
import { type CompiledWhere, compileWhere } from './compile-where.ts'
import { type DerivedCollation, NO_COLLATION } from './derived-collation.ts'
import { equalities } from './equalities.ts'
import type { Literal } from './expression.ts'
import { IMPLEMENTED } from './implementations.ts'
import { PREFIX, parseWhere } from './parse-where.ts'
import { loadSqlCatalog, type SqlCatalog } from './sql-catalog.ts'
import { columnType, type SqlType } from './sql-type.ts'
import { subLinksOf, subqueryForm, subquerySql } from './subquery.ts'
import { TypeConversion } from './type-conversion.ts'
import { parseValue } from './value.ts'
import { WhereError } from './where-error.ts'

export interface TableWhere extends CompiledWhere {
  sql: string
  canonical: string
}

/** How many literals Postgres is asked to read at once; a query has at most 1,664 columns. */
const LITERALS_A_QUERY = 1_000

/** Parses, compiles and type-checks a clause for a table. Throws a WhereError. */
export async function defineWhere(
  database: Database,
  table: Table,
  where: string,
  parameters: readonly string[],
): Promise<TableWhere> {
  const { sql, node, canonical } = await parseWhere(where, parameters)
  const catalog = await loadSqlCatalog(database, IMPLEMENTED)
  const inner = await innerSelects(database, catalog, sql, node)
  const { pins, literals, ...compiled } = compileWhere(node, surroundings(catalog, table), inner)
  await readLiterals(database, literals)
  await checkTypes(database, table, sql)
  return { ...compiled, equalities: equalities(pins), sql, canonical }
}

/** What stands behind the subqueries of a clause, by their nodes. */
async function innerSelects(database: Database, catalog: SqlCatalog, sql: string, node: Node) {
  const found = new Map<unknown, InnerSelect>()
  const forms = subLinksOf(node).map(subqueryForm)
  if (forms.length === 0) return found
  const texts = await subquerySql(
    sql,
    PREFIX,
    forms.map((form) => form.node),
  )
  for (const [index, form] of forms.entries()) {
    const table = await loadTable(database, { schema: form.schema, table: form.table })
    if (!table) throw new WhereError(`the table ${form.schema}.${form.table} of the subquery does not exist`)
    const scope = surroundings(catalog, table)
    const value = scope.columns.get(form.column)
    if (!value) throw new WhereError(`unknown reference ${form.column}`)
    const { pins, literals, ...compiled } = form.where
      ? compileWhere(form.where, scope)
      : { pins: [], literals: [], matches: () => true, columns: new Set<string>() }
    await readLiterals(database, literals)
    const where = form.where && { ...compiled, equalities: equalities(pins) }
    const subquery = { table, column: form.column, where, sql: texts[index] ?? '', typeSql: value.type.sql }
    found.set(form.node, { subquery, value })
  }
  return found
}

function surroundings(catalog: SqlCatalog, table: Table) {
  const databaseCollation = catalog.collations.default
  if (!databaseCollation) throw new TypeError('the catalog has no default collation')
  const columns = table.columns.map((column) => ({ column, type: columnType(column) }))
  return {
    conversion: new TypeConversion(catalog),
    databaseCollation,
    columns: new Map(
      columns.map(({ column, type }) => [column.name, { type, collation: columnCollation(column, type) }]),
    ),
    ownTypes: ownTypes(columns.map(({ type }) => type)),
  }
}

function columnCollation({ collation }: Column, type: SqlType): DerivedCollation {
  return collation && isCollatable(type) ? { strength: 'implicit', collation } : NO_COLLATION
}

function ownTypes(types: SqlType[]): Map<string, SqlType> {
  const withElements = types.flatMap((type): SqlType[] => (type.kind === 'array' ? [type, type.element] : [type]))
  return new Map(withElements.map((type) => [type.id, type]))
}

/** Postgres reads literals, so that `'2024-12-31T00:00:00Z'` and `'tomorrow'` mean what they mean in its snapshot. */
async function readLiterals(database: Database, literals: Literal[]): Promise<void> {
  for (let start = 0; start < literals.length; start += LITERALS_A_QUERY) {
    const part = literals.slice(start, start + LITERALS_A_QUERY)
    const casts = part.map(({ text, castSql }) => `${quoteLiteral(text)}::${castSql}`)
    const [row = []] = await valid(async () => {
      const { rows } = await database.query<(string | null)[]>({ text: `SELECT ${casts.join(', ')}`, rowMode: 'array' })
      return rows
    })
    for (const [index, literal] of part.entries()) {
      const text = row[index] ?? null
      literal.value = text === null ? null : parseValue(literal.type, text)
    }
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
    // Data, syntax and names, limits and what is not supported are about the clause; anything else is about the
    // database.
    if (error instanceof Error && /^(22|42|54|0A)/.test(sqlState(error) ?? '')) throw new WhereError(error.message)
    throw error
  }
}
