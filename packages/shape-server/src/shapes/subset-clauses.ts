import type { Column } from '../catalog/table.ts'
import type { Database } from '../database.ts'
import { defineWhere } from '../where/define-where.ts'
import { WhereError } from '../where/where-error.ts'
import type { ShapeDefinition } from './definition.ts'
import { InvalidRequestError } from './definition-errors.ts'
import { parseOrderBy } from './order-by.ts'

export interface SubsetParameters {
  where: string | undefined
  params: string[]
  orderBy: string | undefined
  limit: number | undefined
  offset: number | undefined
}

/** What follows the shape's own clause. Throws an InvalidRequestError. */
export async function subsetClauses(
  database: Database,
  definition: ShapeDefinition,
  { where, params, orderBy, limit, offset }: SubsetParameters,
  queryable: Column[],
): Promise<string> {
  const clause =
    where &&
    (await orInvalid('where', async () => {
      const table = { ...definition.table, columns: queryable }
      const defined = await defineWhere(database, table, where, params)
      // Else whoever may read the shape could ask after the rows of any table.
      if (defined.plan) throw new WhereError('subqueries are not supported in a subset')
      return defined
    }))
  const order = orderBy && (await orInvalid('order_by', () => parseOrderBy(orderBy, definition.table, queryable)))
  // Each clause is known to be one expression, so that between parentheses the shape's own cannot be widened.
  const condition = clause ? `${definition.where ? ' AND' : ' WHERE'} (${clause.sql}\n)` : ''
  return [
    condition,
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
