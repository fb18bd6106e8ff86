import type { Database } from '../database.ts'
import type { TableName } from './identifier.ts'

/**
 * SQL for the table under whose name the changes of a partition are streamed: the topmost one of those that it is part
 * of and that are in the publication. Null when there is none, so that they are streamed as its own.
 *
 * From expressions with an oid and with the publication's name.
 */
export function publishedRootOf(oid: string, publicationName: string): string {
  return `(
    SELECT json_build_object('schema', n.nspname, 'table', root.relname)
    FROM pg_partition_ancestors(${oid}) WITH ORDINALITY AS up (relid, height)
    JOIN pg_class root ON root.oid = up.relid
    JOIN pg_namespace n ON n.oid = root.relnamespace
    JOIN pg_publication p ON p.pubname = ${publicationName}
    WHERE root.oid <> ${oid} AND p.pubviaroot
      AND (p.puballtables OR EXISTS (SELECT FROM pg_publication_rel r WHERE r.prpubid = p.oid AND r.prrelid = root.oid))
    ORDER BY up.height DESC
    LIMIT 1
  )`
}

export async function readPublishedRoot(
  database: Pick<Database, 'query'>,
  publicationName: string,
  oid: number,
): Promise<TableName | undefined> {
  const { rows } = await database.query<{ root: string | null }>(`SELECT ${publishedRootOf('$1::oid', '$2')} AS root`, [
    oid,
    publicationName,
  ])
  const root = rows[0]?.root
  return root ? (JSON.parse(root) as TableName) : undefined
}
