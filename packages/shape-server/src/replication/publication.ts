import { readPublishedRoot } from '../catalog/published-root.ts'
import type { Table } from '../catalog/table.ts'
import { type Database, quoteIdentifier, sqlState } from '../database.ts'

/** Longer than a writer's transaction usually lasts; all other writers wait as long as we do. */
const LOCK_TIMEOUT_MS = 5_000
const DUPLICATE_OBJECT = '42710'

/** The changes of a partition are streamed as those of a table that it is part of. */
export class HiddenPartitionError extends Error {
  override name = 'HiddenPartitionError'
}

/** Returns whether it was there already. */
export async function ensurePublication(database: Pick<Database, 'query'>, publicationName: string): Promise<boolean> {
  const { rowCount } = await database.query('SELECT 1 FROM pg_publication WHERE pubname = $1', [publicationName])
  if (rowCount) return true
  try {
    // The changes of a partition come as changes of the table that clients know.
    await database.query(
      `CREATE PUBLICATION ${quoteIdentifier(publicationName)} WITH (publish_via_partition_root = true)`,
    )
  } catch (error) {
    if (sqlState(error) !== DUPLICATE_OBJECT) throw error
  }
  return false
}

/** The tables whose changes are streamed. */
export async function publishedTables(
  database: Pick<Database, 'query'>,
  publicationName: string,
): Promise<Set<number>> {
  const { rows } = await database.query<{ oid: string }>(
    `SELECT c.oid FROM pg_class c, pg_publication p
     WHERE p.pubname = $1 AND c.relkind IN ('r', 'p')
       AND (p.puballtables OR EXISTS (SELECT FROM pg_publication_rel r WHERE r.prpubid = p.oid AND r.prrelid = c.oid))`,
    [publicationName],
  )
  return new Set(rows.map(({ oid }) => Number(oid)))
}

/**
 * Makes sure that every change of the table is streamed with its whole old row.
 *
 * A change written before the table was published is not streamed, even if its transaction commits later. So writers
 * must be out while the table is added: the lock waits for all of them.
 *
 * From the commit on, the changes of its partitions are streamed as its own: `onHidden` gets their oids before that.
 * Whoever would publish a partition meanwhile waits for the lock, and gets a HiddenPartitionError.
 */
export async function publishTable(
  database: Database,
  publicationName: string,
  table: Table,
  onHidden: (partitions: number[]) => void,
): Promise<void> {
  const relation = `${quoteIdentifier(table.schema)}.${quoteIdentifier(table.table)}`
  const isAlone = !table.isPartitioned && !table.isPartition
  if (table.hasFullIdentity && isAlone && (await isPublished(database, publicationName, table))) return
  const client = await database.connect()
  try {
    await client.query(`BEGIN; SET LOCAL lock_timeout = ${LOCK_TIMEOUT_MS}`)
    const parts = await partsWithoutFullIdentity(client, table)
    // Readers need not wait for the weaker lock.
    const mode = parts.length > 0 ? 'ACCESS EXCLUSIVE' : 'SHARE ROW EXCLUSIVE'
    await client.query(`LOCK TABLE ${relation} IN ${mode} MODE`)
    if (await readPublishedRoot(client, publicationName, table.oid)) {
      throw new HiddenPartitionError(`${relation} is part of a table that is published`)
    }
    for (const part of parts) await client.query(`ALTER TABLE ${part} REPLICA IDENTITY FULL`)
    if (!(await isPublished(client, publicationName, table))) {
      await client.query(`ALTER PUBLICATION ${quoteIdentifier(publicationName)} ADD TABLE ONLY ${relation}`)
    }
    if (table.isPartitioned) onHidden(await oidsOfPartitions(client, table))
    await client.query('COMMIT')
  } catch (error) {
    await client.query('ROLLBACK').catch(() => {})
    throw error
  } finally {
    client.release()
  }
}

async function isPublished(database: Pick<Database, 'query'>, publicationName: string, table: Table): Promise<boolean> {
  const { rowCount } = await database.query(
    `SELECT 1 FROM pg_publication p
     WHERE p.pubname = $1
       AND (p.puballtables OR EXISTS (SELECT FROM pg_publication_rel r WHERE r.prpubid = p.oid AND r.prrelid = $2::oid))`,
    [publicationName, table.oid],
  )
  return Boolean(rowCount)
}

async function oidsOfPartitions(client: Pick<Database, 'query'>, { oid }: Table): Promise<number[]> {
  const { rows } = await client.query<{ relid: string }>(
    'SELECT relid::oid FROM pg_partition_tree($1::oid) WHERE relid <> $1::oid',
    [oid],
  )
  return rows.map(({ relid }) => Number(relid))
}

/** The table and its partitions: each has a replica identity of its own. */
async function partsWithoutFullIdentity(client: Pick<Database, 'query'>, table: Table): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    `SELECT format('%I.%I', n.nspname, c.relname) AS name
     FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE c.relreplident <> 'f'
       AND (c.oid = $1::oid OR c.oid IN (SELECT relid FROM pg_partition_tree($1::oid)))`,
    [table.oid],
  )
  return rows.map(({ name }) => name)
}
