import pg from 'pg'
import { withUsualSslModes } from './database-url.ts'
import { SESSION_OPTIONS } from './replication/session-settings.ts'

/** Connections for the catalog and for snapshots. Every value arrives as the text that Postgres prints. */
export type Database = pg.Pool
export type DatabaseClient = pg.PoolClient

const CONNECTION_TIMEOUT_MS = 10_000

export const RAW_TEXT: pg.CustomTypesConfig = { getTypeParser: () => (text: string) => text }

/** What every connection is opened with, that of the stream too. */
export function connectionConfig(databaseUrl: string): pg.ClientConfig {
  return {
    connectionString: withUsualSslModes(databaseUrl),
    options: SESSION_OPTIONS,
    application_name: 'landfall-shape-server',
    keepAlive: true,
    connectionTimeoutMillis: CONNECTION_TIMEOUT_MS,
  }
}

const POOL_SIZE = 8
/** Whoever locks a table for longer is not waited for: each that waits keeps a connection from all others. */
const LOCK_TIMEOUT_MS = 5_000

/** `poolSize`: connections at the most, that of the stream not counted. */
export function openDatabase(
  databaseUrl: string,
  onIdleError: (error: Error) => void,
  poolSize: number = POOL_SIZE,
): Database {
  const pool = new pg.Pool({
    ...connectionConfig(databaseUrl),
    options: `${SESSION_OPTIONS} -c lock_timeout=${LOCK_TIMEOUT_MS}`,
    types: RAW_TEXT,
    max: poolSize,
  })
  // Without a listener an idle connection that Postgres closes would end the process.
  pool.on('error', onIdleError)
  return pool
}

/** The code of an error that Postgres itself reported, `42P01` for instance. */
export function sqlState(error: unknown): string | undefined {
  return error instanceof pg.DatabaseError ? error.code : undefined
}

const LOCK_NOT_AVAILABLE = '55P03'

/** Whether somebody kept a table locked for too long. */
export const isLocked = (error: unknown) => sqlState(error) === LOCK_NOT_AVAILABLE

/** Whether the same may succeed later: connections, serialisation, resources, locks, operator's intervention. */
export function isTransient(error: unknown): boolean {
  if (error instanceof pg.DatabaseError) return /^(08|40|53|55|57)/.test(error.code ?? '')
  return error instanceof Error && 'code' in error && /^E[A-Z]+$/.test(String(error.code))
}

/** Closes the socket, of which the types do not tell, whatever goes on over it. */
export function destroyConnection(client: DatabaseClient): void {
  const { connection } = client as unknown as { connection: { stream: { destroy(): void } } }
  connection.stream.destroy()
}

export const quoteIdentifier = (name: string) => `"${name.replaceAll('"', '""')}"`
export const quoteLiteral = (text: string) => `'${text.replaceAll("'", "''")}'`
