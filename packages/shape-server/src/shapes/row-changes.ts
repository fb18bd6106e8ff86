import type { Change, Row } from '../replication/transaction.ts'
import type { ShapeDefinition } from './definition.ts'
import { rowKey } from './row-key.ts'

type Operation = 'insert' | 'update' | 'delete'

/** A message of the log, still without what it owes to its transaction. */
export interface RowChange {
  position: number
  key: string
  value: Row
  operation: Operation
  oldValue?: Row
  /** The key before or after, when the primary key itself changed. */
  keyChange?: { key_change_to: string } | { key_change_from: string }
}

/** What one committed change means for the shape: nothing, one message, or two for a changed key. */
export function rowChanges(
  definition: ShapeDefinition,
  change: Exclude<Change, { kind: 'truncate' }>,
  matches: (row: Row) => boolean = (row) => !definition.where || definition.where.matches(row),
): RowChange[] {
  const { position } = change
  const before = change.kind === 'insert' ? undefined : change.old
  const after = change.kind === 'delete' ? undefined : change.row
  const was = before && matches(before) ? before : undefined
  const is = after && matches(after) ? after : undefined
  if (was && is) return changeWithin(definition, position, was, is)
  if (is) return [insertion(definition, position, is)]
  if (was) return [deletion(definition, position, was)]
  return []
}

function changeWithin(definition: ShapeDefinition, position: number, before: Row, after: Row): RowChange[] {
  const oldKey = keyOf(definition, before)
  const newKey = keyOf(definition, after)
  if (oldKey !== newKey) {
    return [
      { ...deletion(definition, position, before), keyChange: { key_change_to: newKey } },
      { ...insertion(definition, position + 1, after), keyChange: { key_change_from: oldKey } },
    ]
  }
  const changed = definition.columns.filter(({ name }) => before[name] !== after[name]).map(({ name }) => name)
  if (changed.length === 0) return []
  const message = { position, key: newKey, operation: 'update' as const }
  switch (definition.replica) {
    case 'default':
      return [{ ...message, value: pick(after, new Set([...definition.keyColumns, ...changed])) }]
    case 'full':
      return [{ ...message, value: wholeRow(definition, after), oldValue: pick(before, changed) }]
  }
}

function insertion(definition: ShapeDefinition, position: number, row: Row): RowChange {
  return { position, key: keyOf(definition, row), operation: 'insert', value: wholeRow(definition, row) }
}

function deletion(definition: ShapeDefinition, position: number, row: Row): RowChange {
  const value = definition.replica === 'full' ? wholeRow(definition, row) : pick(row, definition.keyColumns)
  return { position, key: keyOf(definition, row), operation: 'delete', value }
}

export const keyOf = ({ table, keyColumns }: ShapeDefinition, row: Row) => rowKey(table, keyColumns, row)

const wholeRow = ({ columns }: ShapeDefinition, row: Row) =>
  pick(
    row,
    columns.map(({ name }) => name),
  )

function pick(row: Row, names: Iterable<string>): Row {
  return Object.fromEntries(Array.from(names, (name) => [name, row[name] ?? null]))
}
