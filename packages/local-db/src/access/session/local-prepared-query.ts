import type { Results } from '@electric-sql/pglite'
import { fillPlaceholders, type Query } from 'drizzle-orm'
import { PgPreparedQuery, type PreparedQueryConfig } from 'drizzle-orm/pg-core'
import type { SelectedFieldsOrdered } from 'drizzle-orm/pg-core/query-builders/select.types'
import type { StatementTarget } from '../connection.ts'
import { ConnectionLostError, LocalQueryError } from '../query-errors.ts'
import { type JoinsNotNullable, mapRow } from './map-row.ts'
import { RAW_VALUES } from './raw-values.ts'

export type CustomResultMapper<T> = (rows: unknown[][]) => T

/** A statement and how its rows are made objects. It has no name in Postgres: all tabs share one session there. */
export class LocalPreparedQuery<T extends PreparedQueryConfig> extends PgPreparedQuery<T> {
  readonly #target: StatementTarget
  readonly #fields: SelectedFieldsOrdered | undefined
  readonly #mapper: CustomResultMapper<T['execute']> | undefined
  /** Set by Drizzle's query builder after the making. */
  joinsNotNullableMap: JoinsNotNullable

  constructor(
    target: StatementTarget,
    query: Query,
    fields: SelectedFieldsOrdered | undefined,
    mapper: CustomResultMapper<T['execute']> | undefined,
  ) {
    super(query, undefined, undefined)
    this.#target = target
    this.#fields = fields
    this.#mapper = mapper
  }

  /** How many columns a row has. */
  get fieldCount(): number {
    return this.#fields?.length ?? 0
  }

  async execute(placeholderValues: Record<string, unknown> = {}): Promise<T['execute']> {
    if (!this.#fields && !this.#mapper) return this.#run(placeholderValues, {})
    const { rows } = await this.#run<unknown[]>(placeholderValues, RAW_VALUES)
    return this.mapRows(rows)
  }

  async all(placeholderValues: Record<string, unknown> = {}): Promise<T['all']> {
    return (await this.#run(placeholderValues, {})).rows
  }

  /** Rows as arrays of raw values, in the order in which they were selected. */
  mapRows(rows: unknown[][]): T['execute'] {
    const fields = this.#fields
    if (this.#mapper) return this.#mapper(rows)
    return fields ? rows.map((row) => mapRow(fields, row, this.joinsNotNullableMap)) : rows
  }

  async #run<Row>(placeholderValues: Record<string, unknown>, options: object): Promise<Results<Row>> {
    const { sql, params } = this.query
    try {
      return await this.#target.query<Row>(sql, fillPlaceholders(params, placeholderValues), options)
    } catch (error) {
      throw error instanceof ConnectionLostError ? error : new LocalQueryError(error, sql)
    }
  }
}
