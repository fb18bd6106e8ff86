import type { SQLWrapper } from 'drizzle-orm'
import { DIALECT } from '../session/local-drizzle.ts'
import { LocalPreparedQuery } from '../session/local-prepared-query.ts'
import { RAW_VALUES } from '../session/raw-values.ts'
import type { LiveDefinition } from './live-query.ts'

/** A select of Drizzle's, as `db.select().from(…)` gives it. */
export interface Selecting extends SQLWrapper, PromiseLike<readonly unknown[]> {
  prepare(name: string): unknown
}

export type RowOf<Query extends Selecting> = Awaited<Query>[number]

/**
 * A select as text without parameters, with a name of its own for each column: a live query is a view, and a view takes
 * neither parameters nor two columns of one name.
 */
export function liveDefinition<Query extends Selecting>(query: Query): LiveDefinition<RowOf<Query>> {
  const prepared = query.prepare('')
  if (!(prepared instanceof LocalPreparedQuery)) throw new Error('A live query is built with the db that it is given.')
  const { sql } = DIALECT.sqlToQuery(query.getSQL().inlineParams())
  const names = Array.from({ length: prepared.fieldCount }, (_, index) => `column_${index + 1}`)
  return {
    sql: `SELECT * FROM (\n${sql}\n) AS selected (${names.join(', ')})`,
    options: RAW_VALUES,
    mapRows: (rows) => prepared.mapRows(rows as unknown[][]) as RowOf<Query>[],
  }
}

/** Rows of a statement in SQL, as PGlite reads them: timestamps as `Date`, `jsonb` as what it holds. */
export function liveStatement<Row>(sql: string, params: unknown[] = []): LiveDefinition<Row> {
  return { sql, params, options: {}, mapRows: (rows) => rows as Row[] }
}
