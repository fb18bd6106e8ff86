import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { createTestDatabase, freePort } from '@landfall/embedded-postgres'
import pg from 'pg'
import { RAW_TEXT } from '../../src/database.ts'
import { SESSION_OPTIONS } from '../../src/replication/session-settings.ts'
import { ChildServer } from './child-server.ts'

/** What all runs share: a database and the shape server on it. */
export interface World {
  url: string
  server: ChildServer
  /** Connections of writers and judges; every value arrives as the text that Postgres prints. */
  pool: pg.Pool
  stop(): Promise<void>
}

export interface WorldOptions {
  /** Superuser's connection string of a running Postgres. */
  postgresUrl: string
  connections: number
  /** Keeps logs and handles over restarts of the server. */
  isStored: boolean
}

/** Long enough to be waited for, short enough that an idle shape's position comes soon. */
const LIVE_TIMEOUT_MS = 700
/** So often something is written that no shape has, because a position moves on only with the log of Postgres. */
const HEARTBEAT_MS = 60

export async function startWorld({ postgresUrl, connections, isStored }: WorldOptions): Promise<World> {
  const folder = await mkdtemp(join(tmpdir(), 'shape-server-property-'))
  const database = await createTestDatabase(postgresUrl)
  const pool = new pg.Pool({
    connectionString: database.url,
    // A deadlock or a long wait costs the run nothing but time; what is committed is in the log of Postgres at once.
    options: `${SESSION_OPTIONS} -c search_path=public -c deadlock_timeout=50ms -c lock_timeout=4s -c synchronous_commit=on`,
    types: RAW_TEXT,
    max: connections,
  })
  // A connection that is lost is told by its next query.
  pool.on('error', () => {})
  pool.on('connect', (client) => void client.on('error', () => {}))
  const server = new ChildServer({
    databaseUrl: database.url,
    port: await freePort(35_000),
    liveTimeoutMs: LIVE_TIMEOUT_MS,
    allowShapeDeletion: true,
    ...(isStored && { storageDir: join(folder, 'shapes') }),
  })
  const beating = new AbortController()
  let heart: Promise<void> | undefined
  const stop = async () => {
    beating.abort()
    await heart
    await server.stop()
    await pool.end()
    await database.drop()
    await rm(folder, { recursive: true, force: true })
  }
  try {
    await pool.query('CREATE TABLE heartbeats (at timestamptz NOT NULL)')
    await server.start()
    heart = beat(pool, beating.signal)
    return { url: server.url, server, pool, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

async function beat(pool: pg.Pool, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await pool.query('INSERT INTO heartbeats VALUES (now())').catch(() => {})
    await delay(HEARTBEAT_MS, undefined, { signal }).catch(() => {})
  }
}
