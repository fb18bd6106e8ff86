import type { TableName } from '../catalog/identifier.ts'
import { readPublishedRoot } from '../catalog/published-root.ts'
import { type Database, quoteIdentifier } from '../database.ts'
import { type ShapeDefinition, tablesOf } from './definition.ts'
import { InvalidRequestError } from './definition-errors.ts'

/**
 * A partition of which nothing would be heard, because its changes are streamed as those of the table that it is part
 * of. Throws an InvalidRequestError that names that table.
 */
export async function refuseHiddenPartitions(
  database: Pick<Database, 'query'>,
  publicationName: string,
  definition: ShapeDefinition,
): Promise<void> {
  for (const table of tablesOf(definition)) {
    const root = table.isPartition && (await readPublishedRoot(database, publicationName, table.oid))
    if (!root) continue
    const field = table.oid === definition.table.oid ? 'table' : 'where'
    throw new InvalidRequestError({
      [field]: [
        `Table ${written(table)} is a partition of ${written(root)}, which is followed as a whole: ` +
          `ask for ${written(root)}, with a where clause that selects the rows of the partition`,
      ],
    })
  }
}

const written = ({ schema, table }: TableName) => `${quoteIdentifier(schema)}.${quoteIdentifier(table)}`
