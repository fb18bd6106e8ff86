import type { Transaction } from '../replication/transaction.ts'
import type { ShapeDefinition } from './definition.ts'
import { type RowChange, rowChanges } from './row-changes.ts'
import type { LogEntry } from './shape-log.ts'

/** The entries that a transaction adds to a shape's log, in the order of its statements. */
export function logEntries(definition: ShapeDefinition, transaction: Transaction): LogEntry[] {
  const changes = transaction.changes.flatMap((change) =>
    change.kind !== 'truncate' && change.relation.oid === definition.table.oid ? rowChanges(definition, change) : [],
  )
  const last = changes.at(-1)
  return changes.map((change) => ({
    offset: { lsn: transaction.lsn, op: change.position },
    json: JSON.stringify(message(definition, transaction, change, change === last)),
  }))
}

function message(definition: ShapeDefinition, transaction: Transaction, change: RowChange, isLast: boolean) {
  const { key, value, operation, oldValue, keyChange, position } = change
  return {
    key,
    value,
    ...(oldValue && { old_value: oldValue }),
    headers: {
      operation,
      relation: [definition.table.schema, definition.table.table],
      ...keyChange,
      lsn: String(transaction.lsn),
      op_position: position,
      txids: [transaction.xid],
      ...(isLast && { last: true }),
    },
  }
}
