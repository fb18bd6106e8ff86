import type { QueueEntryView } from '@landfall/contract'
import type { FoldableOperation } from './fold-operations.ts'
import type { OperationWrite } from './operation-queue.ts'

/** The part of PGlite that reconciling needs; a tab's and the worker's both have it. */
export interface ReconcileTarget {
  query(sql: string, params: unknown[]): Promise<{ rows: unknown[] }>
}

/** One that a component wrote and the outbox does not hold yet. */
export interface WrittenOperation extends FoldableOperation {
  transactionId: string | null
  /** Given when it must not be folded, nor anything onto it. */
  groupId: string | null
}

interface WrittenRow {
  op_id: string
  transaction_id: string | null
  group_id: string | null
  entity: string
  entity_id: string
  action: WrittenOperation['action']
  base_version: number | null
  captured_at: Date
  label: string
  changes: Record<string, unknown> | null
}

/** In the order of writing. A transaction is there as a whole or not at all. */
export async function readWritten(target: ReconcileTarget): Promise<WrittenOperation[]> {
  const { rows } = await target.query(
    `SELECT op_id, transaction_id, group_id, entity, entity_id, action, base_version, captured_at, label, changes
     FROM sync_operations WHERE state = 'written' ORDER BY place, op_id`,
    [],
  )
  return (rows as WrittenRow[]).map((row) => ({
    opId: row.op_id,
    unit: null,
    transactionId: row.transaction_id,
    groupId: row.group_id,
    entity: row.entity,
    entityId: row.entity_id,
    action: row.action,
    baseVersion: row.base_version,
    capturedAt: row.captured_at.toISOString(),
    label: row.label,
    changes: row.changes,
  }))
}

/** With `unit` set: the given group, or the transaction where it wrote more than one. */
export function withUnits(operations: readonly WrittenOperation[]): WrittenOperation[] {
  const counts = new Map<string, number>()
  for (const { transactionId } of operations) {
    if (transactionId !== null) counts.set(transactionId, (counts.get(transactionId) ?? 0) + 1)
  }
  return operations.map((operation) => {
    const { transactionId, groupId } = operation
    const isShared = transactionId !== null && (counts.get(transactionId) ?? 0) > 1
    return { ...operation, unit: groupId ?? (isShared ? transactionId : null) }
  })
}

/** An entry that waits in the outbox, as if it had been written now. */
export function asWritten(entry: QueueEntryView): WrittenOperation {
  const { opId, groupId, entity, entityId, action, baseVersion, capturedAt, label, changes } = entry
  const row = { opId, groupId, entity, entityId, action, baseVersion, capturedAt, label, changes }
  return { ...row, unit: groupId, transactionId: null }
}

export function toWrite({ unit, changes, baseVersion, ...operation }: WrittenOperation): OperationWrite {
  const { opId, entity, action, entityId, capturedAt, label } = operation
  return {
    opId,
    ...(unit === null ? {} : { groupId: unit }),
    entity,
    action,
    entityId,
    ...(baseVersion === null ? {} : { baseVersion }),
    capturedAt,
    label,
    payload: changes ?? {},
    ...(changes === null ? {} : { changes }),
  }
}
