import type { Row } from '../../replication/transaction.ts'
import type { LogLine } from '../../storage/log-line.ts'
import type { SubqueryPlan, ValueSet } from '../../where/subquery-plan.ts'
import type { LogOffset } from '../offset.ts'
import { keyOf } from '../row-changes.ts'
import { booleanWords } from '../row-message.ts'
import { snapshotEnd } from '../snapshot-end.ts'
import type { SnapshotVisibility } from '../visibility.ts'
import type { TaggedShape } from './change-lines.ts'
import type { ValueMoves } from './inner-values.ts'
import { reasonsOf, valueHash } from './tags.ts'

/** What the values that came and went mean to the clients of the shape, as messages. */
export interface Move {
  /** By subquery. */
  moves: readonly ValueMoves[]
  /** Rows that the shape has got by it. */
  rows: readonly Row[]
  /** What the rows were read from. */
  visibility?: SnapshotVisibility
  txids: number[]
}

/** What comes and what goes, by places of conditions: where a subquery is negated the one is the other. */
function patternsOf({ conditions }: SubqueryPlan, handle: string, moves: readonly ValueMoves[], event: Event) {
  return conditions.flatMap((condition, pos) => {
    if (condition.kind !== 'subquery') return []
    const { added = [], removed = [] } = moves[condition.subquery] ?? {}
    const values = (event === 'move-in') === condition.isNegated ? removed : added
    return values.map((value) => ({ pos, value: valueHash(handle, value) }))
  })
}

type Event = 'move-in' | 'move-out'

/** Lines that stand behind the offset, the last one marked as such. */
export function moveLines(shape: TaggedShape, sets: readonly ValueSet[], move: Move, behind: LogOffset): LogLine[] {
  const event = (name: Event) => {
    const patterns = patternsOf(shape.plan, shape.handle, move.moves, name)
    return patterns.length === 0 ? [] : [JSON.stringify({ headers: { event: name, patterns, txids: move.txids } })]
  }
  const moveIn = event('move-in')
  const rows = move.rows.map((row) => rowMessage(shape, sets, row))
  const end = moveIn.length > 0 && move.visibility ? [snapshotEnd(move.visibility)] : []
  // A row that loses one reason and gets another is not among the rows, so it must get before it loses.
  const messages = [...moveIn, ...rows, ...end, ...event('move-out')]
  return messages.map((json, index) => ({
    offset: { lsn: behind.lsn, op: behind.op + 1 + index },
    json,
    isLast: index === messages.length - 1,
  }))
}

function rowMessage({ definition, plan, handle }: TaggedShape, sets: readonly ValueSet[], row: Row): string {
  const { table, columns } = definition
  return JSON.stringify({
    key: keyOf(definition, row),
    value: booleanWords(columns, row),
    headers: {
      operation: 'insert',
      relation: [table.schema, table.table],
      is_move_in: true,
      ...reasonsOf(plan, handle, row, sets),
    },
  })
}
