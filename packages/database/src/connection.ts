import { type ExtractTablesWithRelations, sql } from 'drizzle-orm'
import { drizzle, type NodePgDatabase, type NodePgQueryResultHKT } from 'drizzle-orm/node-postgres'
import type { PgTransaction } from 'drizzle-orm/pg-core'
import pg from 'pg'
import * as schema from './schema/index.ts'

export type Schema = typeof schema
export type AppDatabase = NodePgDatabase<Schema> & { $client: pg.Pool }
/** A transaction that belongs to one tenant. */
export type TenantTransaction = PgTransaction<NodePgQueryResultHKT, Schema, ExtractTablesWithRelations<Schema>>

export interface ConnectOptions {
  /** Login of the role `landfall_app`. */
  url: string
  max?: number
  /** An idle connection was lost, for instance because Postgres restarted; the pool makes a new one. */
  onIdleError?: (error: Error) => void
}

/** A transaction that takes longer is ended by Postgres: nobody waits for its answer any more. */
const TRANSACTION_TIMEOUT = '-c transaction_timeout=20s'

/** Connects as the app's role. Nothing of a tenant is visible outside `withTenant`. */
export function connect(options: ConnectOptions): AppDatabase {
  return drizzle(openPool(options, TRANSACTION_TIMEOUT), { schema, casing: 'snake_case' })
}

/** Connects as the role of sign-in, which sees people and memberships and no lead. */
export function connectForAuth(options: ConnectOptions): AppDatabase {
  return drizzle(openPool(options, '-c role=landfall_auth'), { schema, casing: 'snake_case' })
}

function openPool({ url, max = 20, onIdleError }: ConnectOptions, startup?: string): pg.Pool {
  const pool = new pg.Pool({
    connectionString: url,
    max,
    // Statements sent without waiting for one another share a round trip; see `withTenantSession`.
    pipeline: true,
    connectionTimeoutMillis: 5_000,
    statement_timeout: 15_000,
    lock_timeout: 5_000,
    // A process that hangs must not hold the rows that it has locked.
    idle_in_transaction_session_timeout: 15_000,
    // For a connection that is dead and does not say so.
    query_timeout: 20_000,
    ...(startup ? { options: startup } : {}),
  })
  // Without a listener the loss of a connection would end the process. One in use also rejects what was asked of it.
  pool.on('connect', (client) => client.on('error', () => {}))
  pool.on('error', onIdleError ?? (() => {}))
  return pool
}

/** Runs `work` in one transaction that may see and write the rows of this tenant and of no other. */
export function withTenant<T>(
  database: AppDatabase,
  tenantId: string,
  work: (transaction: TenantTransaction) => Promise<T>,
): Promise<T> {
  return database.transaction(async (transaction) => {
    // Sent, not awaited: it shares the round trip of the first statement of `work`, which Postgres runs after it. Should
    // it fail, that one fails with it.
    const setting = transaction
      .execute(sql`SELECT set_config(${schema.TENANT_SETTING}, ${tenantId}, true)`)
      .then(() => undefined)
    setting.catch(() => {})
    const result = await work(transaction)
    await setting
    return result
  })
}
