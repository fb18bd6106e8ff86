import { setTimeout as delay } from 'node:timers/promises'
import { to as copyTo } from 'pg-copy-streams'
import { loadTable } from '../catalog/table.ts'
import { type Database, type DatabaseClient, sqlState } from '../database.ts'
import { OverloadError } from '../overload-error.ts'
import { parseLsn } from '../replication/lsn.ts'
import type { SnapshotWriter } from '../storage/snapshot-writer.ts'
import type { ShapeDefinition } from './definition.ts'
import { DefinitionChangedError, InvalidRequestError } from './definition-errors.ts'
import { selectMessages } from './row-message.ts'
import type { SnapshotJoin } from './shape.ts'
import type { SnapshotTask } from './shape-registry.ts'
import { differenceFrom, tablePartOf } from './stored-shape.ts'
import { parseSnapshot, type SnapshotVisibility } from './visibility.ts'

const RETRY_MS = 10
const MAX_ATTEMPTS = 500
const RETRY_AFTER_S = 5

export class SnapshotError extends Error {
  override name = 'SnapshotError'
}

/**
 * Writes the rows of a shape, as one snapshot of the database sees them, to its folder. `isAcceptable` may ask for a
 * later one: a transaction is in the replication stream from its commit record on, but other sessions see it only a
 * little later.
 */
export async function takeSnapshot(
  database: Database,
  task: SnapshotTask,
  isAcceptable: (visibility: SnapshotVisibility) => boolean,
  chunkBytes?: number,
): Promise<void> {
  let writer: SnapshotWriter | undefined
  try {
    const rows = await task.folder.startSnapshot(chunkBytes)
    writer = rows
    const { visibility } = await inSnapshot(database, isAcceptable, async (client, begun) => {
      await requireSameTable(client, task.definition)
      task.join(begun)
      if (task.definition.log === 'full') await copyRows(client, task, rows)
    })
    await rows.finish(snapshotEnd(visibility))
  } catch (error) {
    throw isDiskError(error) ? new OverloadError('Shapes cannot be stored at the moment', RETRY_AFTER_S) : error
  } finally {
    await writer?.close()
  }
}

/** Full, broken, gone, or no more files: nothing that the client could do otherwise, and it may pass. */
const DISK_ERRORS = new Set('EDQUOT EFBIG EIO EMFILE ENFILE ENOENT ENOSPC ENOTDIR EROFS'.split(' '))
const isDiskError = (error: unknown) => error instanceof Error && 'code' in error && DISK_ERRORS.has(String(error.code))

/** Reads in one snapshot of the database that `isAcceptable` finds good enough. */
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

/** JSON has neither of these characters, so that no row is quoted: what comes are the messages as they stand, a line each. */
const FORMAT = `FORMAT csv, DELIMITER E'\\x02', QUOTE E'\\x01', ESCAPE E'\\x01'`

/**
 * The catalog was read before the snapshot. A change of the table in between would show in the stream only with a write
 * that the snapshot does not see.
 */
async function requireSameTable(client: DatabaseClient, definition: ShapeDefinition): Promise<void> {
  const now = await loadTable(client, definition.table)
  const difference = now ? differenceFrom(tablePartOf(definition), now) : 'the table is gone'
  if (difference) throw new DefinitionChangedError(difference)
}

async function copyRows(client: DatabaseClient, task: SnapshotTask, writer: SnapshotWriter): Promise<void> {
  const rows = client.query(copyTo(`COPY (${selectMessages(task.definition)}) TO STDOUT (${FORMAT})`))
  try {
    for await (const piece of rows as AsyncIterable<Buffer>) {
      if (task.isGivenUp()) throw new SnapshotError('the shape was given up')
      await writer.write(piece)
    }
  } catch (error) {
    if (isUndefined(error)) throw new DefinitionChangedError(String(error))
    if (sqlState(error)?.startsWith('22') && task.definition.where) throw notComputable(error)
    // Else Postgres would go on sending to a connection that nobody reads.
    connectionOf(client).destroy()
    throw error
  }
}

/** The clause cannot be computed for a row, as in a division by zero. */
function notComputable(error: unknown): InvalidRequestError {
  return new InvalidRequestError({ where: [error instanceof Error ? error.message : String(error)] })
}

/** A table or a column that is not there any more. */
export const isUndefined = (error: unknown) => ['42P01', '42703'].includes(sqlState(error) ?? '')

/** The socket below, which the types do not tell of. */
function connectionOf(client: DatabaseClient): { destroy(): void } {
  return (client as unknown as { connection: { stream: { destroy(): void } } }).connection.stream
}

function snapshotEnd({ xmin, xmax, running }: SnapshotVisibility): string {
  return JSON.stringify({
    headers: { control: 'snapshot-end', xmin: String(xmin), xmax: String(xmax), xip_list: running.map(String) },
  })
}
