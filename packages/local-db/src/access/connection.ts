import type { PGliteInterface, QueryOptions, Results } from '@electric-sql/pglite'

/** What statements are sent to: a transaction of PGlite, or the database outside of one. */
export interface StatementTarget {
  query<Row>(sql: string, params?: unknown[], options?: QueryOptions): Promise<Results<Row>>
}

/** The part of PGlite that the access layer uses. A tab's PGliteWorker has it, and so has a PGlite in memory. */
export type Connection = Pick<PGliteInterface, 'query' | 'exec' | 'transaction' | 'execProtocol'>
