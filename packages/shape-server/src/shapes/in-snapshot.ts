import { setTimeout as delay } from 'node:timers/promises'
import type { Table } from '../catalog/table.ts'
import { type Database, type DatabaseClient, isLocked } from '../database.ts'
import { OverloadError } from '../overload-error.ts'
import { parseLsn } from '../replication/lsn.ts'
import { relationOf } from './row-message.ts'
import type { SnapshotJoin } from './snapshot-join.ts'
import { parseSnapshot, type SnapshotVisibility } from './visibility.ts'

const RETRY_MS = 10
const MAX_ATTEMPTS = 500
/** A lock keeps readers out only while a table is changed or emptied; whoever holds it for longer is not waited for. */
const LOCK_TIMEOUT_MS = 5_000
const RETRY_AFTER_S = 5

export class SnapshotError extends Error {
  override name = 'SnapshotError'
}

export interface SnapshotReading {
  /** All that will be read of. */
  tables: readonly Table[]
  /** May ask for a later snapshot. */
  isAcceptable(visibility: SnapshotVisibility): boolean
  lockTimeoutMs?: number
}

/**
 * Reads in one snapshot of the database, and says which. The tables cannot be emptied or rewritten meanwhile: Postgres
 * shows that to snapshots, too, which were taken before. Throws an OverloadError when a table is locked for too long.
 */
export async function inSnapshot(
  database: Database,
  reading: SnapshotReading,
  read: (client: DatabaseClient, begun: SnapshotJoin) => Promise<void>,
): Promise<SnapshotJoin> {
  const client = await database.connect()
  let failure: Error | undefined
  try {
    const begun = await beginAcceptable(client, reading)
    await read(client, begun)
    await client.query('COMMIT')
    return begun
  } catch (error) {
    failure = error instanceof Error ? error : new Error(String(error))
    throw isLocked(error) ? new OverloadError('A table is locked', RETRY_AFTER_S) : error
  } finally {
    // A connection whose transaction failed is not used again.
    client.release(failure)
  }
}

async function beginAcceptable(
  client: DatabaseClient,
  { tables, isAcceptable, lockTimeoutMs = LOCK_TIMEOUT_MS }: SnapshotReading,
): Promise<SnapshotJoin> {
  const relations = tables.map(relationOf).join(', ')
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt += 1) {
    // A lock takes no snapshot yet: what is seen is what there is once it is held.
    await client.query(
      `BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;
       SET LOCAL lock_timeout = ${lockTimeoutMs};
       LOCK TABLE ${relations} IN ACCESS SHARE MODE`,
    )
    const { rows } = await client.query<{ snapshot: string; lsn: string }>(
      'SELECT pg_current_snapshot() AS snapshot, pg_current_wal_insert_lsn() AS lsn',
    )
    const { snapshot = '', lsn = '0/0' } = rows[0] ?? {}
    const visibility = parseSnapshot(snapshot)
    if (isAcceptable(visibility)) return { visibility, walPosition: parseLsn(lsn) }
    await client.query('ROLLBACK')
    await delay(RETRY_MS)
  }
  throw new SnapshotError('a committed transaction did not become visible')
}
