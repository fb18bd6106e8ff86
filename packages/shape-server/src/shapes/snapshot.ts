import { loadTable } from '../catalog/table.ts'
import { type Database, type DatabaseClient, sqlState } from '../database.ts'
import { OverloadError } from '../overload-error.ts'
import type { Row } from '../replication/transaction.ts'
import { isDiskError } from '../storage/disk-error.ts'
import type { SnapshotWriter } from '../storage/snapshot-writer.ts'
import type { SubqueryPlan } from '../where/subquery-plan.ts'
import { copyMessages } from './copy-messages.ts'
import { type ShapeDefinition, tablesOf } from './definition.ts'
import { DefinitionChangedError, InvalidRequestError } from './definition-errors.ts'
import { inSnapshot, SnapshotError } from './in-snapshot.ts'
import { keyOf } from './row-changes.ts'
import { booleanWords, selectMessages } from './row-message.ts'
import type { SnapshotTask } from './shape-registry.ts'
import { snapshotEnd } from './snapshot-end.ts'
import type { SnapshotJoin } from './snapshot-join.ts'
import { differenceFrom, tablePartsOf } from './stored-shape.ts'
import { readInnerValues, readTaggedRows } from './subqueries/read-move.ts'
import { reasonsOf } from './subqueries/tags.ts'
import type { SnapshotVisibility } from './visibility.ts'

const RETRY_AFTER_S = 5

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
    const reading = { tables: tablesOf(task.definition), isAcceptable }
    const { visibility } = await inSnapshot(database, reading, async (client, begun) => {
      await requireSameTables(client, task.definition)
      const { log, where } = task.definition
      if (where?.plan) {
        await readWithSubqueries(client, task, begun, where.plan, rows)
        return
      }
      task.join(begun)
      if (log === 'full') await copyRows(client, task, rows)
    })
    await rows.finish(snapshotEnd(visibility))
  } catch (error) {
    if (isUndefined(error)) throw new DefinitionChangedError(String(error))
    throw isDiskError(error) ? new OverloadError('Shapes cannot be stored at the moment', RETRY_AFTER_S) : error
  } finally {
    await writer?.close()
  }
}

/**
 * The catalog was read before the snapshot. A change of the table in between would show in the stream only with a write
 * that the snapshot does not see.
 */
async function requireSameTables(client: DatabaseClient, definition: ShapeDefinition): Promise<void> {
  for (const part of tablePartsOf(definition)) {
    const now = await loadTable(client, part.table)
    const difference = now ? differenceFrom(part, now) : 'the table is gone'
    if (difference) throw new DefinitionChangedError(difference)
  }
}

async function copyRows(client: DatabaseClient, task: SnapshotTask, writer: SnapshotWriter): Promise<void> {
  try {
    for await (const piece of copyMessages(client, selectMessages(task.definition))) {
      if (task.isGivenUp()) throw new SnapshotError('the shape was given up')
      await writer.write(piece)
    }
  } catch (error) {
    throw sqlState(error)?.startsWith('22') && task.definition.where ? notComputable(error) : error
  }
}

/** Every row says why it belongs to the shape, which Postgres does not know. */
async function readWithSubqueries(
  client: DatabaseClient,
  task: SnapshotTask,
  begun: SnapshotJoin,
  plan: SubqueryPlan,
  writer: SnapshotWriter,
): Promise<void> {
  const { definition, folder, isGivenUp } = task
  const { table, columns, log } = definition
  try {
    const values = await readInnerValues(client, plan)
    task.join(begun, values)
    if (log !== 'full') return
    const relation = [table.schema, table.table]
    const message = (row: Row) => ({
      key: keyOf(definition, row),
      value: booleanWords(columns, row),
      headers: { operation: 'insert', relation, ...reasonsOf(plan, folder.handle, row, values) },
    })
    for await (const rows of readTaggedRows(client, definition)) {
      if (isGivenUp()) throw new SnapshotError('the shape was given up')
      await writer.write(Buffer.from(rows.map((row) => `,${JSON.stringify(message(row))}\n`).join('')))
    }
  } catch (error) {
    throw sqlState(error)?.startsWith('22') ? notComputable(error) : error
  }
}

/** The clause cannot be computed for a row, as in a division by zero. */
function notComputable(error: unknown): InvalidRequestError {
  return new InvalidRequestError({ where: [error instanceof Error ? error.message : String(error)] })
}

/** A schema, a table or a column that is not there any more. */
export const isUndefined = (error: unknown) => ['3F000', '42P01', '42703'].includes(sqlState(error) ?? '')
