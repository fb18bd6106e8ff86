import { randomInt } from 'node:crypto'
import type { Column } from '../catalog/table.ts'
import { type Database, sqlState } from '../database.ts'
import { OverloadError } from '../overload-error.ts'
import { isDiskError } from '../storage/disk-error.ts'
import { SpoolFullError } from '../storage/spool.ts'
import type { Spools } from '../storage/spools.ts'
import { cancelOnAbort } from './cancel-on-abort.ts'
import { copyMessages } from './copy-messages.ts'
import { type ShapeDefinition, tablesOf } from './definition.ts'
import { InvalidRequestError } from './definition-errors.ts'
import { inSnapshot } from './in-snapshot.ts'
import { selectMessages } from './row-message.ts'
import type { MessageText } from './shape-log.ts'
import type { SnapshotJoin } from './snapshot-join.ts'
import type { SnapshotQueue } from './snapshot-queue.ts'
import { type SubsetParameters, subsetClauses } from './subset-clauses.ts'
import type { SnapshotVisibility } from './visibility.ts'

const RETRY_AFTER_S = 5

export interface SubsetReading {
  definition: ShapeDefinition
  parameters: SubsetParameters
  queryable: Column[]
  /** Aborted when nobody wants the answer any more, and when it is sent. */
  signal: AbortSignal
}

export interface SubsetSources {
  database: Database
  spools: Spools
  /** For subsets that are too large for memory. */
  queue: SnapshotQueue
  /** Whether a snapshot sees what the log has. */
  isAcceptable(visibility: SnapshotVisibility): boolean
}

/** The JSON of an answer; `size` in bytes. */
export interface SubsetText {
  text: MessageText
  size: number
}

/**
 * Reads some rows of a shape fresh from the database. They may be ahead of the log; the metadata lets a client drop the
 * changes that it already has. They must not be behind. Throws an OverloadError when too many large ones are read, or the
 * disk does not take them.
 */
export async function readSubset(sources: SubsetSources, reading: SubsetReading): Promise<SubsetText> {
  const { definition, parameters, queryable } = reading
  const clauses = await subsetClauses(sources.database, definition, parameters, queryable)
  try {
    return await readInto('memory', sources, reading, clauses)
  } catch (error) {
    if (!(error instanceof SpoolFullError)) throw error
  }
  // Begun anew rather than gone on with: whoever waits for his turn keeps no connection.
  return sources.queue.run(() => readInto('file', sources, reading, clauses))
}

async function readInto(
  place: 'memory' | 'file',
  { database, spools, isAcceptable }: SubsetSources,
  { definition, signal }: SubsetReading,
  clauses: string,
): Promise<SubsetText> {
  signal.throwIfAborted()
  const spool = spools.create(place)
  const snapshotMark = randomInt(2 ** 31)
  const query = `${selectMessages(definition, { snapshot_mark: snapshotMark })}${clauses}`
  try {
    await inSnapshot(database, { tables: tablesOf(definition), isAcceptable }, (client, begun) =>
      cancelOnAbort({ database, client }, signal, async () => {
        await spool.write(Buffer.from(`{"metadata":${JSON.stringify(metadataOf(begun, snapshotMark))},"data":[`))
        let isFirst = true
        for await (const piece of copyMessages(client, query)) {
          signal.throwIfAborted()
          // Without the comma before the first message.
          await spool.write(isFirst ? piece.subarray(1) : piece)
          isFirst &&= piece.length === 0
        }
        await spool.write(Buffer.from(']}'))
      }),
    )
    const { size } = spool
    const text = await spool.finish()
    signal.throwIfAborted()
    if (Buffer.isBuffer(text)) await spool.close()
    else signal.addEventListener('abort', () => void spool.close())
    return { text, size }
  } catch (error) {
    await spool.close()
    // The clause cannot be computed for a row, as in a division by zero.
    if (sqlState(error)?.startsWith('22')) {
      throw new InvalidRequestError({ subset: { where: [error instanceof Error ? error.message : String(error)] } })
    }
    throw isDiskError(error) ? new OverloadError('Large answers cannot be stored at the moment', RETRY_AFTER_S) : error
  }
}

function metadataOf({ visibility, walPosition }: SnapshotJoin, snapshotMark: number) {
  return {
    snapshot_mark: snapshotMark,
    xmin: String(visibility.xmin),
    xmax: String(visibility.xmax),
    xip_list: visibility.running.map(String),
    database_lsn: String(walPosition),
  }
}
