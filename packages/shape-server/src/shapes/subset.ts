import { randomInt } from 'node:crypto'
import type { Column } from '../catalog/table.ts'
import { type Database, sqlState } from '../database.ts'
import { defineWhere } from '../where/define-where.ts'
import { WhereError } from '../where/where-error.ts'
import { type ShapeDefinition, tablesOf } from './definition.ts'
import { InvalidRequestError } from './definition-errors.ts'
import { inSnapshot } from './in-snapshot.ts'
import { parseOrderBy } from './order-by.ts'
import { rowMessage, selectRows } from './row-message.ts'
import type { SnapshotVisibility } from './visibility.ts'

export interface SubsetParameters {
  where: string | undefined
  params: string[]
  orderBy: string | undefined
  limit: number | undefined
  offset: number | undefined
}

/**
 * Reads some rows of a shape fresh from the database and returns them as the JSON of an answer. It may be ahead of the
 * log; the metadata lets a client drop the changes that it already has. It must not be behind: `isAcceptable` says whether a
 * snapshot sees what the log has.
 */
export async function readSubset(
  database: Database,
  definition: ShapeDefinition,
  parameters: SubsetParameters,
  queryable: Column[],
  isAcceptable: (visibility: SnapshotVisibility) => boolean,
): Promise<string> {
  const query = await subsetQuery(database, definition, parameters, queryable)
  let rows: (string | null)[][] = []
  const reading = { tables: tablesOf(definition), isAcceptable }
  const { visibility, walPosition } = await inSnapshot(database, reading, async (client) => {
    rows = (await client.query<(string | null)[]>({ text: query, rowMode: 'array' })).rows
  }).catch((error: unknown) => {
    // The clause cannot be computed for a row, as in a division by zero.
    if (!sqlState(error)?.startsWith('22')) throw error
    throw new InvalidRequestError({ subset: { where: [error instanceof Error ? error.message : String(error)] } })
  })
  const snapshotMark = randomInt(2 ** 31)
  const metadata = {
    snapshot_mark: snapshotMark,
    xmin: String(visibility.xmin),
    xmax: String(visibility.xmax),
    xip_list: visibility.running.map(String),
    database_lsn: String(walPosition),
  }
  const data = rows.map(rowMessage(definition, { snapshot_mark: snapshotMark }))
  return `{"metadata":${JSON.stringify(metadata)},"data":[${data.join(',\n')}]}`
}

async function subsetQuery(
  database: Database,
  definition: ShapeDefinition,
  { where, params, orderBy, limit, offset }: SubsetParameters,
  queryable: Column[],
): Promise<string> {
  const names = new Set(queryable.map(({ name }) => name))
  const clause =
    where &&
    (await orInvalid('where', async () => {
      const table = { ...definition.table, columns: queryable }
      const defined = await defineWhere(database, table, where, params)
      // Else whoever may read the shape could ask after the rows of any table.
      if (defined.plan) throw new WhereError('subqueries are not supported in a subset')
      return defined
    }))
  const order = orderBy && (await orInvalid('order_by', () => parseOrderBy(orderBy, names)))
  // Each clause is known to be one expression, so that between parentheses the shape's own cannot be widened.
  const condition = clause ? `${definition.where ? ' AND' : ' WHERE'} (${clause.sql}\n)` : ''
  return [
    `${selectRows(definition)}${condition}`,
    order ? `ORDER BY ${order}` : '',
    limit === undefined ? '' : `LIMIT ${limit}`,
    offset === undefined ? '' : `OFFSET ${offset}`,
  ].join(' ')
}

async function orInvalid<T>(field: string, define: () => Promise<T>): Promise<T> {
  try {
    return await define()
  } catch (error) {
    if (error instanceof WhereError) throw new InvalidRequestError({ subset: { [field]: [error.message] } })
    throw error
  }
}
