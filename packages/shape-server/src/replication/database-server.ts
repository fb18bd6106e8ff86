import type { Client } from 'pg'
import { type Database, sqlState } from '../database.ts'
import { type Lsn, parseLsn } from './lsn.ts'
import { DatabaseSetupError } from './setup-error.ts'
import { forkOfTimeline } from './timeline-history.ts'

/** The database that a connection has reached, and where its write-ahead log stands. */
export interface DatabaseServer {
  systemIdentifier: string
  databaseOid: number
  timeline: number
  walEnd: Lsn
}

const OLDEST_VERSION = 140_000

/** Throws a DatabaseSetupError when shapes cannot be replicated from here. */
export async function checkSettings(database: Pick<Database, 'query'>): Promise<void> {
  const { rows } = await database.query<{ version: string; wal_level: string }>(
    `SELECT current_setting('server_version_num') AS version, current_setting('wal_level') AS wal_level`,
  )
  const { version = '', wal_level = '' } = rows[0] ?? {}
  if (Number(version) < OLDEST_VERSION) {
    throw new DatabaseSetupError(
      `Postgres ${Math.floor(Number(version) / 10_000)} is too old: ${OLDEST_VERSION / 10_000} is the oldest that is supported`,
    )
  }
  if (wal_level !== 'logical') {
    throw new DatabaseSetupError(
      `wal_level is ${wal_level} and must be logical: ALTER SYSTEM SET wal_level = 'logical', then restart Postgres`,
    )
  }
}

/** `replication` is a connection opened with `replication: 'database'`. */
export async function identifyServer(database: Pick<Database, 'query'>, replication: Client): Promise<DatabaseServer> {
  const { rows } = await replication.query<{ systemid: string; timeline: unknown; xlogpos: string }>('IDENTIFY_SYSTEM')
  const { systemid = '', timeline = 0, xlogpos = '0/0' } = rows[0] ?? {}
  const { rows: databases } = await database.query<{ oid: string }>(
    'SELECT oid FROM pg_database WHERE datname = current_database()',
  )
  return {
    systemIdentifier: systemid,
    databaseOid: Number(databases[0]?.oid),
    timeline: Number(timeline),
    walEnd: parseLsn(xlogpos),
  }
}

/** Where the history of the server left an earlier timeline; undefined when it never was on it. */
export async function findFork(replication: Client, timeline: number, earlier: number): Promise<Lsn | undefined> {
  const { rows } = await replication.query<{ content: Buffer | string }>(`TIMELINE_HISTORY ${timeline}`)
  return forkOfTimeline(String(rows[0]?.content ?? ''), earlier)
}

const INSUFFICIENT_PRIVILEGE = '42501'
const CONFIGURATION_LIMIT_EXCEEDED = '53400'
const NOT_IN_PREREQUISITE_STATE = '55000'
const TOO_MANY_CONNECTIONS = '53300'

/** Puts what a person can act on in the place of the errors that Postgres gives for it. */
export function explainSetup(error: unknown): unknown {
  const message = error instanceof Error ? error.message : String(error)
  switch (sqlState(error)) {
    case INSUFFICIENT_PRIVILEGE:
      return /wal.?sender|replication/i.test(message)
        ? new DatabaseSetupError(`the role may not replicate: ALTER ROLE … WITH REPLICATION (${message})`)
        : new DatabaseSetupError(`the role lacks a right that replication needs: ${message}`)
    case CONFIGURATION_LIMIT_EXCEEDED:
      return new DatabaseSetupError(
        'no replication slot is free: raise max_replication_slots, or drop slots that nobody uses any more ' +
          '(SELECT * FROM pg_replication_slots WHERE NOT active)',
      )
    case NOT_IN_PREREQUISITE_STATE:
      return /max_replication_slots|wal_level/.test(message) ? new DatabaseSetupError(message) : error
    case TOO_MANY_CONNECTIONS:
      return /wal.?sender/i.test(message)
        ? new DatabaseSetupError(`no WAL sender is free, raise max_wal_senders: ${message}`)
        : error
    default:
      return error
  }
}
