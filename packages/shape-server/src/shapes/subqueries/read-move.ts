import { type Database, type DatabaseClient, quoteIdentifier } from '../../database.ts'
import type { Row } from '../../replication/transaction.ts'
import { conditionsOf, holds, type SubqueryPlan } from '../../where/subquery-plan.ts'
import { type ShapeDefinition, tablesOf } from '../definition.ts'
import { inSnapshot } from '../in-snapshot.ts'
import { fromWhere } from '../row-message.ts'
import type { SnapshotJoin } from '../snapshot-join.ts'
import type { SnapshotVisibility } from '../visibility.ts'
import { InnerValues, type ValueMoves } from './inner-values.ts'

/** What a snapshot of the database says about the subqueries of a shape, and the rows that the shape gets by it. */
export interface MoveReading {
  join: SnapshotJoin
  values: InnerValues[]
  moves: ValueMoves[]
  rows: Row[]
}

/** So many rows at once are better fetched anew. */
export class MoveTooLargeError extends Error {
  override name = 'MoveTooLargeError'
}

const MAX_MOVE_CHARACTERS = 32_000_000
const ROWS_A_FETCH = 1_000

/** What each subquery selects in the snapshot of this connection. */
export async function readInnerValues(client: DatabaseClient, { subqueries }: SubqueryPlan): Promise<InnerValues[]> {
  const values: InnerValues[] = []
  for (const { sql } of subqueries) {
    const { rows } = await client.query<[value: string | null, count: string]>({
      text: `SELECT inner_value, count(*) FROM (${sql}) AS inner_rows (inner_value) GROUP BY inner_value`,
      rowMode: 'array',
    })
    values.push(new InnerValues(new Map(rows.map(([value, count]) => [value, Number(count)]))))
  }
  return values
}

/** The rows of the shape with every column that matters, some at a time. */
export async function* readTaggedRows(
  client: DatabaseClient,
  definition: ShapeDefinition,
  condition = '',
  parameters: unknown[] = [],
): AsyncGenerator<Row[]> {
  const names = new Set([...definition.columns.map(({ name }) => name), ...(definition.where?.columns ?? [])])
  const list = [...names].map(quoteIdentifier).join(', ')
  await client.query(
    `DECLARE shape_rows NO SCROLL CURSOR FOR SELECT ${list} ${fromWhere(definition)}${condition}`,
    parameters,
  )
  for (;;) {
    const { rows } = await client.query<Row>(`FETCH ${ROWS_A_FETCH} FROM shape_rows`)
    if (rows.length > 0) yield rows
    if (rows.length < ROWS_A_FETCH) break
  }
  await client.query('CLOSE shape_rows')
}

/** Reads what has become of a shape whose subqueries selected `before`. Throws a MoveTooLargeError. */
export async function readMove(
  database: Database,
  definition: ShapeDefinition,
  plan: SubqueryPlan,
  before: readonly InnerValues[],
  isAcceptable: (visibility: SnapshotVisibility) => boolean,
): Promise<MoveReading> {
  let values: InnerValues[] = []
  let moves: ValueMoves[] = []
  const gained: Row[] = []
  const reading = { tables: tablesOf(definition), isAcceptable }
  const join = await inSnapshot(database, reading, async (client) => {
    values = await readInnerValues(client, plan)
    moves = before.map((set, index) => set.movesTo(values[index] ?? set))
    const { condition, parameters } = candidates(plan, moves)
    if (parameters.length === 0) return
    let size = 0
    for await (const rows of readTaggedRows(client, definition, condition, parameters)) {
      const added = rows.filter((row) => !holds(plan, conditionsOf(plan, row, before)))
      gained.push(...added)
      size += added.reduce((sum, row) => sum + sizeOf(row), 0)
      if (size > MAX_MOVE_CHARACTERS) throw new MoveTooLargeError(`more than ${MAX_MOVE_CHARACTERS} characters of rows`)
    }
  })
  return { join, values, moves, rows: gained }
}

/** Only rows with one of the values that came, or went from a subquery that is negated, can be new to the shape. */
function candidates({ conditions, subqueries }: SubqueryPlan, moves: readonly ValueMoves[]) {
  const parameters: string[][] = []
  const alternatives = conditions.flatMap((condition) => {
    if (condition.kind !== 'subquery') return []
    const { added = [], removed = [] } = moves[condition.subquery] ?? {}
    const values = condition.isNegated ? removed : added
    if (values.length === 0) return []
    parameters.push(values)
    const { typeSql } = subqueries[condition.subquery] ?? {}
    return [`${quoteIdentifier(condition.column)} = ANY ($${parameters.length}::${typeSql}[])`]
  })
  return { condition: ` AND (${alternatives.join(' OR ')})`, parameters }
}

export const sizeOf = (row: Row | undefined) =>
  row ? Object.values(row).reduce((sum, value) => sum + (value?.length ?? 0) + 8, 0) : 0
