import type { QueryOptions, Results, Transaction } from '@electric-sql/pglite'
import {
  type LiveNamespace,
  live,
  type LiveQuery as PGliteLiveQuery,
  type PGliteWithLive,
} from '@electric-sql/pglite/live'
import type { Connection } from '../connection.ts'

/** What a live query asks, and how its values are to be read. */
export interface LiveStatement {
  sql: string
  params?: unknown[]
  options: QueryOptions
}

export interface LiveWindow {
  limit: number
  offset: number
}

export interface LiveListener {
  onRows(rows: unknown[], totalCount: number | undefined): void
  /** A later run failed; the live query goes on. */
  onError(error: Error): void
}

type LiveResults = Results<unknown> & { totalCount?: number; failure?: Error }

/** Name that PGlite gives a live query, in its statements. */
const VIEW_OF_LIVE_QUERY = /CREATE OR REPLACE TEMP VIEW live_query_(\w+)_view/
const END_OF_LIVE_QUERY = /DROP VIEW IF EXISTS live_query_(\w+)_view/
const RUN_OF_LIVE_QUERY = /^EXECUTE live_query_(\w+)_get[;(]/

/**
 * PGlite's live queries on one connection. PGlite lets nobody choose how values are read, and lets the failure of a later
 * run go unhandled, so its statements pass through here.
 */
export class LiveChannel {
  readonly #connection: Connection
  readonly #optionsByName = new Map<string, QueryOptions>()
  readonly #namespace: Promise<LiveNamespace>
  #beginning: QueryOptions | undefined

  constructor(connection: Connection) {
    this.#connection = connection
    const adapter: Pick<Connection, 'query' | 'transaction' | 'execProtocol'> = {
      query: (sql, params, options) => this.#query(sql, params, options),
      transaction: (work) => this.#transaction(work),
      execProtocol: (message, options) => connection.execProtocol(message, options),
    }
    this.#namespace = live.setup(adapter as PGliteWithLive, {}).then(({ namespaceObj }) => namespaceObj)
  }

  /** Resolves when the first rows were told. Rejects when Postgres refuses the statement. */
  async subscribe(
    { sql, params = [], options }: LiveStatement,
    window: LiveWindow | undefined,
    { onRows, onError }: LiveListener,
  ): Promise<PGliteLiveQuery<unknown>> {
    const namespace = await this.#namespace
    const callback = ({ rows, totalCount, failure }: LiveResults) =>
      failure ? onError(failure) : onRows(rows, totalCount)
    // PGlite begins its transaction before it first waits, which is how this query's transaction is known.
    this.#beginning = options
    const subscribing = namespace.query({ query: sql, params, callback, ...window })
    this.#beginning = undefined
    return subscribing
  }

  async #query<Row>(sql: string, params?: unknown[], options?: QueryOptions): Promise<Results<Row>> {
    const name = RUN_OF_LIVE_QUERY.exec(sql)?.[1]
    if (name === undefined) return this.#connection.query<Row>(sql, params, options)
    try {
      return await this.#connection.query<Row>(sql, params, this.#optionsByName.get(name))
    } catch (error) {
      // PGlite prepares the statement again.
      if (error instanceof Error && /^prepared statement .* does not exist$/.test(error.message)) throw error
      const failure = error instanceof Error ? error : new Error(String(error))
      const results: LiveResults = { rows: [], fields: [], failure }
      return results as Results<Row>
    }
  }

  #transaction<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
    const options = this.#beginning
    return this.#connection.transaction((tx) =>
      work({
        ...tx,
        exec: (sql, given) => {
          const name = VIEW_OF_LIVE_QUERY.exec(sql)?.[1]
          if (name !== undefined && options) this.#optionsByName.set(name, options)
          const ended = END_OF_LIVE_QUERY.exec(sql)?.[1]
          if (ended !== undefined) this.#optionsByName.delete(ended)
          return tx.exec(sql, given)
        },
        query: (sql, params, given) => {
          const name = RUN_OF_LIVE_QUERY.exec(sql)?.[1]
          return tx.query(sql, params, name === undefined ? given : this.#optionsByName.get(name))
        },
      }),
    )
  }
}
