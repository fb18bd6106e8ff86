import { isDeepStrictEqual } from 'node:util'
import type { QueryConfig } from 'pg'
import type { Database } from '../database.ts'
import type { TableName } from './identifier.ts'
import { publishedRootOf } from './published-root.ts'
import { type Partition, partitionsOf, type Table } from './table.ts'

/** What of a table may change without a word in the replication stream. */
export interface TableState {
  schema: string
  table: string
  partitions: Partition[]
  isPublished: boolean
  /** Under whose name its changes are streamed, if it is a partition. */
  publishedRoot: TableName | null
}

const QUERY = `
  SELECT c.oid, json_build_object(
    'schema', n.nspname,
    'table', c.relname,
    'partitions', ${partitionsOf('c.oid')},
    'isPublished', EXISTS (
      SELECT FROM pg_publication p
      WHERE p.pubname = $2
        AND (p.puballtables OR EXISTS (SELECT FROM pg_publication_rel r WHERE r.prpubid = p.oid AND r.prrelid = c.oid))
    ),
    'publishedRoot', ${publishedRootOf('c.oid', '$2')}
  ) AS state
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.oid = ANY ($1::oid[])`

/** A connection that is dead without having been closed would keep us for ever. */
const TIMEOUT_MS = 10_000

/** Those of the tables that are there, by oid. */
export async function readTableStates(
  database: Pick<Database, 'query'>,
  publicationName: string,
  oids: readonly number[],
): Promise<Map<number, TableState>> {
  const { rows } = await database.query<{ oid: string; state: string }>({
    text: QUERY,
    values: [oids, publicationName],
    query_timeout: TIMEOUT_MS,
  } as QueryConfig)
  return new Map(rows.map(({ oid, state }) => [Number(oid), JSON.parse(state) as TableState]))
}

/** Whether the table goes by the same name and is made of the same partitions with the same files. */
export function isSameTable(state: TableState, { schema, table, partitions }: Table): boolean {
  return state.schema === schema && state.table === table && isDeepStrictEqual(state.partitions, partitions)
}
