import { setTimeout as delay } from 'node:timers/promises'
import type { Database, DatabaseClient } from '../database.ts'
import { parseLsn } from '../replication/lsn.ts'
import type { SnapshotJoin } from './snapshot-join.ts'
import { parseSnapshot, type SnapshotVisibility } from './visibility.ts'

const RETRY_MS = 10
const MAX_ATTEMPTS = 500

export class SnapshotError extends Error {
  override name = 'SnapshotError'
}

/** Reads in one snapshot of the database, and says which. */
export async function inSnapshot(
  database: Database,
  isAcceptable: (visibility: SnapshotVisibility) => boolean,
  read: (client: DatabaseClient, begun: SnapshotJoin) => Promise<void>,
): Promise<SnapshotJoin> {
  const client = await database.connect()
  let failure: Error | undefined
  try {
    const begun = await beginAcceptable(client, isAcceptable)
    await read(client, begun)
    await client.query('COMMIT')
    return begun
  } catch (error) {
    failure = error instanceof Error ? error : new Error(String(error))
    throw error
  } finally {
    // A connection whose transaction failed is not used again.
    client.release(failure)
  }
}

async function beginAcceptable(
  client: DatabaseClient,
  isAcceptable: (visibility: SnapshotVisibility) => boolean,
): Promise<SnapshotJoin> {
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt += 1) {
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY')
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
