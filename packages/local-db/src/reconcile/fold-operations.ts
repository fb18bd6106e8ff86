import type { Operation } from '@landfall/contract'

/** An operation that no request ever carried, as folding sees it. */
export interface FoldableOperation {
  opId: string
  /** What stands or falls with it: only operations of one unit are folded. Null stands alone, and folds with its like. */
  unit: string | null
  entity: string
  entityId: string
  action: Operation['action']
  baseVersion: number | null
  /** ISO 8601 in UTC. */
  capturedAt: string
  label: string
  /** By payload key; null for a deletion. */
  changes: Record<string, unknown> | null
}

/** What became of some operations of one row. */
export interface Fold<Folded extends FoldableOperation = FoldableOperation> {
  /** Has the id of the last of its sources; null: they cancel each other. */
  operation: Folded | null
  /** In the order of writing. */
  sources: Folded[]
}

/** Payload keys of an entity whose values are merged key by key. */
export type MergedKeysOf = (entity: string) => readonly string[]

/**
 * Leaves the fewest operations that do the same: insert + update → insert, update + update → update, update + delete →
 * delete, insert + delete → nothing. Each stands where the first of its sources stood; the order within a row is kept.
 */
export function foldOperations<Folded extends FoldableOperation>(
  operations: readonly Folded[],
  mergedKeysOf: MergedKeysOf,
): Fold<Folded>[] {
  const folds: Fold<Folded>[] = []
  const lastOfRow = new Map<string, Fold<Folded>>()
  for (const operation of operations) {
    const row = `${operation.entity} ${operation.entityId}`
    const last = lastOfRow.get(row)
    const folded = last?.operation && foldTwo(last.operation, operation, mergedKeysOf)
    if (last && folded) {
      last.operation = folded.operation
      last.sources.push(operation)
    } else {
      const fold = { operation, sources: [operation] }
      folds.push(fold)
      lastOfRow.set(row, fold)
    }
  }
  return folds
}

/** Undefined: they stay two. */
function foldTwo<Folded extends FoldableOperation>(
  first: Folded,
  second: Folded,
  mergedKeysOf: MergedKeysOf,
): { operation: Folded | null } | undefined {
  if (first.unit !== second.unit) return undefined
  switch (second.action) {
    case 'insert':
      return undefined
    case 'update': {
      if (first.action === 'delete') return undefined
      const changes = mergeChanges(first.changes, second.changes, mergedKeysOf(second.entity))
      if (first.action === 'insert') return { operation: { ...first, opId: second.opId, changes } }
      // What was seen first is what somebody else's edit is measured against.
      return { operation: { ...second, baseVersion: lowest(first.baseVersion, second.baseVersion), changes } }
    }
    case 'delete':
      if (first.action === 'delete') return undefined
      return { operation: first.action === 'insert' ? null : second }
  }
}

function mergeChanges(
  first: Record<string, unknown> | null,
  second: Record<string, unknown> | null,
  mergedKeys: readonly string[],
): Record<string, unknown> {
  const merged = { ...first, ...second }
  for (const key of mergedKeys) {
    const [before, after] = [first?.[key], second?.[key]]
    if (isObject(before) && isObject(after)) merged[key] = { ...before, ...after }
  }
  return merged
}

function lowest(first: number | null, second: number | null): number | null {
  if (first === null || second === null) return first ?? second
  return Math.min(first, second)
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
