import { type RowChange, ShapeMessageError, type SyncedRow } from './shape-messages.ts'

/** What is left of many changes when only their end counts, by primary key. */
export interface NetChanges {
  /** Whole rows. */
  upserts: SyncedRow[]
  /** Key and changed columns of rows that are there. */
  patches: SyncedRow[]
  /** Keys, in the order of the primary key. */
  deletes: string[][]
}

type NetChange =
  | { kind: 'upsert'; row: SyncedRow }
  | { kind: 'patch'; row: SyncedRow }
  | { kind: 'delete'; key: string[] }

/**
 * One transaction shows only its end: a hundred changes of a row are one. This is what makes it cheap to come back after
 * a week.
 */
export function foldChanges(primaryKey: readonly string[], changes: readonly RowChange[]): NetChanges {
  const byKey = new Map<string, NetChange>()
  for (const { operation, row } of changes) {
    const key = keyOf(primaryKey, row)
    const id = JSON.stringify(key)
    byKey.set(id, next(byKey.get(id), operation, row, key))
  }
  const net: NetChanges = { upserts: [], patches: [], deletes: [] }
  for (const change of byKey.values()) {
    switch (change.kind) {
      case 'upsert':
        net.upserts.push(change.row)
        break
      case 'patch':
        net.patches.push(change.row)
        break
      case 'delete':
        net.deletes.push(change.key)
        break
    }
  }
  return net
}

function next(
  before: NetChange | undefined,
  operation: RowChange['operation'],
  row: SyncedRow,
  key: string[],
): NetChange {
  switch (operation) {
    case 'insert':
      return { kind: 'upsert', row }
    case 'delete':
      return { kind: 'delete', key }
    case 'update':
      if (!before) return { kind: 'patch', row }
      // An update of a row that is gone changes nothing.
      return before.kind === 'delete' ? before : { ...before, row: { ...before.row, ...row } }
  }
}

function keyOf(primaryKey: readonly string[], row: SyncedRow): string[] {
  return primaryKey.map((column) => {
    const value = row[column]
    if (typeof value !== 'string') throw new ShapeMessageError(`a row without a value of its key column ${column}`)
    return value
  })
}
