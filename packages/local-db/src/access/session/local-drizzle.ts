import { PgDatabase, PgDialect } from 'drizzle-orm/pg-core'
import type { Connection, StatementTarget } from '../connection.ts'
import type { ConnectionKeeper } from '../connection-keeper.ts'
import { LocalQueryError } from '../query-errors.ts'
import { type LocalResultHKT, LocalSession, type LocalTransaction } from './local-session.ts'

/** Makes text and parameters of queries. It knows nothing of a database. */
export const DIALECT = new PgDialect()

type Builders = 'select' | 'selectDistinct' | 'selectDistinctOn'

/** Drizzle without what changes anything. */
export interface ReadDatabase extends Pick<PgDatabase<LocalResultHKT>, Builders | '$count' | '$with'> {
  with(
    ...queries: Parameters<PgDatabase<LocalResultHKT>['with']>
  ): Pick<ReturnType<PgDatabase<LocalResultHKT>['with']>, Builders>
  /** Several reads that see one state. All tabs wait for its end. */
  transaction<T>(work: (tx: Omit<ReadDatabase, 'transaction'>) => Promise<T>): Promise<T>
}

/** Reads from whichever worker has the database; a read that lost its worker is made again. */
export function readDatabase(keeper: ConnectionKeeper): ReadDatabase {
  const session = new LocalSession(DIALECT, {
    isReadOnly: true,
    target: { query: (sql, params, options) => keeper.read((connection) => connection.query(sql, params, options)) },
    begin: (work) => keeper.run((connection, assertAlive) => transact(connection, assertAlive, work)),
  })
  return new PgDatabase<LocalResultHKT>(DIALECT, session, undefined)
}

/** Builds queries before there is a database: they have a text and know how to map rows, and can't be run. */
export const detachedDatabase: Omit<ReadDatabase, 'transaction' | '$count'> = new PgDatabase<LocalResultHKT>(
  DIALECT,
  new LocalSession(DIALECT, {
    isReadOnly: true,
    target: { query: () => Promise.reject(new Error('This query was only built: give it to a live query.')) },
  }),
  undefined,
)

/** The transaction of a write. */
export type WriteTransaction = LocalTransaction

/** Runs `work` in one transaction of the connection, through Drizzle. */
export function runDrizzleTransaction<T>(
  connection: Connection,
  assertAlive: () => void,
  work: (tx: WriteTransaction, target: StatementTarget) => Promise<T>,
): Promise<T> {
  return transact(connection, assertAlive, (target) =>
    new LocalSession(DIALECT, { isReadOnly: false, target, begin: (begun) => begun(target) }).transaction((tx) =>
      work(tx, target),
    ),
  )
}

/** PGlite's own transaction: no statement of another tab comes in between. */
async function transact<T>(
  connection: Connection,
  assertAlive: () => void,
  work: (target: StatementTarget) => Promise<T>,
): Promise<T> {
  let isWorkDone = false
  try {
    return await connection.transaction(async (tx) => {
      const value = await work({
        async query(sql, params, options) {
          assertAlive()
          return tx.query(sql, params, options)
        },
      })
      // The COMMIT that follows must not reach a worker that never saw the BEGIN.
      assertAlive()
      isWorkDone = true
      return value
    })
  } catch (error) {
    throw isWorkDone ? new LocalQueryError(error, 'COMMIT') : error
  }
}
