import type { Results } from '@electric-sql/pglite'
import { type Query, type SQL, sql } from 'drizzle-orm'
import {
  type PgDialect,
  type PgQueryResultHKT,
  PgSession,
  PgTransaction,
  type PgTransactionConfig,
  type PreparedQueryConfig,
} from 'drizzle-orm/pg-core'
import type { SelectedFieldsOrdered } from 'drizzle-orm/pg-core/query-builders/select.types'
import type { StatementTarget } from '../connection.ts'
import { ReadOnlyError } from '../query-errors.ts'
import { type CustomResultMapper, LocalPreparedQuery } from './local-prepared-query.ts'

/** What a statement without a selection answers: PGlite's own result. */
export interface LocalResultHKT extends PgQueryResultHKT {
  type: Results<this['row']>
}

type QueryMetadata = { type: 'select' | 'update' | 'delete' | 'insert'; tables: string[] }

export interface LocalSessionOptions {
  target: StatementTarget
  /** Begins a transaction and gives the work to do in it; absent within one, where nesting is by savepoints. */
  begin?: <T>(work: (target: StatementTarget) => Promise<T>) => Promise<T>
  isReadOnly: boolean
}

/** Drizzle's way to the database. */
export class LocalSession extends PgSession<LocalResultHKT> {
  readonly #dialect: PgDialect
  readonly #options: LocalSessionOptions

  constructor(dialect: PgDialect, options: LocalSessionOptions) {
    super(dialect)
    this.#dialect = dialect
    this.#options = options
  }

  override prepareQuery<T extends PreparedQueryConfig = PreparedQueryConfig>(
    query: Query,
    fields: SelectedFieldsOrdered | undefined,
    _name: string | undefined,
    _isResponseInArrayMode: boolean,
    mapper?: CustomResultMapper<T['execute']>,
    metadata?: QueryMetadata,
  ): LocalPreparedQuery<T> {
    if (this.#options.isReadOnly && metadata?.type !== 'select') throw new ReadOnlyError()
    return new LocalPreparedQuery<T>(this.#options.target, query, fields, mapper)
  }

  override async count(query: SQL): Promise<number> {
    const prepared = new LocalPreparedQuery<{ execute: number; all: never; values: never }>(
      this.#options.target,
      this.#dialect.sqlToQuery(query),
      undefined,
      ([row]) => Number(row?.[0]),
    )
    return prepared.execute()
  }

  override transaction<T>(work: (tx: LocalTransaction) => Promise<T>, config?: PgTransactionConfig): Promise<T> {
    const { begin, isReadOnly } = this.#options
    if (!begin) throw new Error('A transaction within a transaction is begun by tx.transaction().')
    return begin(async (target) => {
      const session = new LocalSession(this.#dialect, { target, isReadOnly })
      const settings: PgTransactionConfig = isReadOnly ? { ...config, accessMode: 'read only' } : (config ?? {})
      if (Object.keys(settings).length > 0) await target.query(setTransaction(settings))
      return work(new LocalTransaction(this.#dialect, session))
    })
  }
}

/** A transaction, or a savepoint within one. */
export class LocalTransaction extends PgTransaction<LocalResultHKT> {
  readonly #dialect: PgDialect
  readonly #session: LocalSession

  constructor(dialect: PgDialect, session: LocalSession, nestedIndex = 0) {
    super(dialect, session, undefined, nestedIndex)
    this.#dialect = dialect
    this.#session = session
  }

  override async transaction<T>(work: (tx: LocalTransaction) => Promise<T>): Promise<T> {
    const savepoint = sql.identifier(`savepoint_${this.nestedIndex + 1}`)
    await this.execute(sql`SAVEPOINT ${savepoint}`)
    try {
      const value = await work(new LocalTransaction(this.#dialect, this.#session, this.nestedIndex + 1))
      await this.execute(sql`RELEASE SAVEPOINT ${savepoint}`)
      return value
    } catch (error) {
      await this.execute(sql`ROLLBACK TO SAVEPOINT ${savepoint}`)
      throw error
    }
  }
}

function setTransaction({ isolationLevel, accessMode, deferrable }: PgTransactionConfig): string {
  const modes = [
    isolationLevel && `ISOLATION LEVEL ${isolationLevel}`,
    accessMode,
    deferrable !== undefined && (deferrable ? 'DEFERRABLE' : 'NOT DEFERRABLE'),
  ]
  return `SET TRANSACTION ${modes.filter(Boolean).join(', ')}`
}
