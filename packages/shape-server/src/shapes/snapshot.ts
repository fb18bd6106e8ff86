import { setTimeout as delay } from 'node:timers/promises'
import { type Database, type DatabaseClient, quoteIdentifier } from '../database.ts'
import { type Lsn, parseLsn } from '../replication/lsn.ts'
import type { ShapeDefinition } from './definition.ts'
import { rowKey } from './row-key.ts'
import { parseSnapshot, type SnapshotVisibility } from './visibility.ts'

export interface Snapshot {
  visibility: SnapshotVisibility
  /** End of the write-ahead log just after; what commits behind it cannot be seen. */
  walPosition: Lsn
  /** Messages as JSON; the last chunk ends with `snapshot-end`. */
  chunks: string[][]
}

/** How large an answer with rows may become, in characters of JSON. */
const CHUNK_SIZE = 10_000_000
const ROWS_A_FETCH = 1_000
const RETRY_MS = 10
const MAX_ATTEMPTS = 500

export class SnapshotError extends Error {
  override name = 'SnapshotError'
}

/**
 * Reads the rows of a shape in one snapshot of the database. `isAcceptable` may ask for a later one: a transaction is in
 * the replication stream from its commit record on, but other sessions see it only a little later.
 */
export async function takeSnapshot(
  database: Database,
  definition: ShapeDefinition,
  isAcceptable: (visibility: SnapshotVisibility) => boolean,
): Promise<Snapshot> {
  const client = await database.connect()
  let failure: Error | undefined
  try {
    const begun = await beginAcceptable(client, isAcceptable)
    const chunks = definition.log === 'changes_only' ? [[]] : await readRows(client, definition)
    chunks.at(-1)?.push(snapshotEnd(begun.visibility))
    await client.query('COMMIT')
    return { ...begun, chunks }
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
): Promise<Omit<Snapshot, 'chunks'>> {
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

async function readRows(client: DatabaseClient, definition: ShapeDefinition): Promise<string[][]> {
  await client.query(`DECLARE shape_rows NO SCROLL CURSOR FOR ${selectRows(definition)}`)
  const toMessage = rowMessage(definition)
  const chunks: string[][] = [[]]
  let size = 0
  for (;;) {
    const { rows } = await client.query<(string | null)[]>({
      text: `FETCH ${ROWS_A_FETCH} FROM shape_rows`,
      rowMode: 'array',
    })
    for (const row of rows) {
      const json = toMessage(row)
      if (size > CHUNK_SIZE) {
        chunks.push([])
        size = 0
      }
      chunks.at(-1)?.push(json)
      size += json.length
    }
    if (rows.length < ROWS_A_FETCH) return chunks
  }
}

/** Rows of tables that inherit are not replicated as rows of their parent; those of partitions are. */
export function selectRows({ table, columns, where }: ShapeDefinition): string {
  const list = columns.map(({ name }) => quoteIdentifier(name)).join(', ')
  const only = table.isPartitioned ? '' : 'ONLY '
  const condition = where ? ` WHERE (${where.sql}\n)` : ''
  return `SELECT ${list} FROM ${only}${quoteIdentifier(table.schema)}.${quoteIdentifier(table.table)}${condition}`
}

/** Turns the values of `selectRows` into messages. `extraHeaders` go into every one. */
export function rowMessage(
  { table, columns, keyColumns }: ShapeDefinition,
  extraHeaders: Record<string, unknown> = {},
): (values: (string | null)[]) => string {
  const headers = { operation: 'insert', relation: [table.schema, table.table], ...extraHeaders }
  return (values) => {
    const value = Object.fromEntries(
      columns.map(({ name, baseTypeName, isArray }, index) => {
        const text = values[index] ?? null
        return [name, baseTypeName === 'bool' && !isArray ? booleanWord(text) : text]
      }),
    )
    return JSON.stringify({ key: rowKey(table, keyColumns, value), value, headers })
  }
}

/** Snapshots say `true` where the log says `t`, because the real service casts its rows to text. */
const booleanWord = (text: string | null) => (text === null ? null : text === 't' ? 'true' : 'false')

function snapshotEnd({ xmin, xmax, running }: SnapshotVisibility): string {
  return JSON.stringify({
    headers: { control: 'snapshot-end', xmin: String(xmin), xmax: String(xmax), xip_list: running.map(String) },
  })
}
