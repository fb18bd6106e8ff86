import type { Row, Transaction } from '../../replication/transaction.ts'
import type { LogLine } from '../../storage/log-line.ts'
import { holds, type SubqueryPlan, type ValueSet } from '../../where/subquery-plan.ts'
import type { ShapeDefinition } from '../definition.ts'
import { changeMessage } from '../open-transaction.ts'
import { keyOf, type RowChange, rowChanges } from '../row-changes.ts'
import { type RowReasons, reasonsOf } from './tags.ts'

export interface TaggedShape {
  definition: ShapeDefinition
  plan: SubqueryPlan
  handle: string
}

/** A transaction as a whole. */
export type WholeTransaction = Pick<Transaction, 'lsn' | 'xid' | 'changes'>

type Tagged = RowChange & { headers: RowReasons & { removed_tags?: string[] } }

/** The lines of a transaction, as long as the subqueries have these values. Throws a WhereEvaluationError. */
export function changeLines(shape: TaggedShape, transaction: WholeTransaction, sets: readonly ValueSet[]): LogLine[] {
  const { lsn, xid } = transaction
  const changes = taggedChanges(shape, transaction, sets)
  return changes.map((change, index) => {
    const isLast = index === changes.length - 1
    const json = JSON.stringify(changeMessage(shape.definition.table, { lsn, xid }, change, isLast, change.headers))
    return { offset: { lsn, op: change.position }, json, isLast }
  })
}

function taggedChanges(shape: TaggedShape, { changes }: WholeTransaction, sets: readonly ValueSet[]): Tagged[] {
  const { definition, plan, handle } = shape
  const reasons = (row: Row) => reasonsOf(plan, handle, row, sets)
  const matches = (row: Row) => holds(plan, reasons(row).active_conditions)
  return changes.flatMap((change) => {
    if (change.kind === 'truncate' || change.relation.oid !== definition.table.oid) return []
    const before = change.kind === 'insert' ? undefined : change.old
    const after = change.kind === 'delete' ? undefined : change.row
    const found = rowChanges(definition, change, matches)
    if (found.length === 0 && before && after && matches(before) && matches(after)) {
      return movedWithin(shape, change.position, before, after, reasons)
    }
    return found.map((rowChange): Tagged => {
      const row = (rowChange.operation === 'delete' ? before : after) ?? {}
      if (rowChange.operation !== 'update' || !before) return { ...rowChange, headers: reasons(row) }
      return { ...rowChange, headers: withRemoved(reasons(before), reasons(row)) }
    })
  })
}

/** A row of which clients see nothing new, but that is there for another reason now. */
function movedWithin(
  { definition }: TaggedShape,
  position: number,
  before: Row,
  after: Row,
  reasons: (row: Row) => RowReasons,
): Tagged[] {
  const [was, is] = [reasons(before), reasons(after)]
  if (JSON.stringify(was) === JSON.stringify(is)) return []
  const value = Object.fromEntries(definition.keyColumns.map((name) => [name, after[name] ?? null]))
  const key = keyOf(definition, after)
  return [{ position, key, value, operation: 'update', headers: withRemoved(was, is) }]
}

const withRemoved = (was: RowReasons, is: RowReasons) => ({
  ...is,
  removed_tags: was.tags.filter((tag) => !is.tags.includes(tag)),
})
