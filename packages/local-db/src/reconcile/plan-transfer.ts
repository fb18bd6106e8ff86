import type { QueueEntryView } from '@landfall/contract'
import { type Fold, foldOperations, type MergedKeysOf } from './fold-operations.ts'
import type { SupersededOperation } from './operation-queue.ts'
import { asWritten, type WrittenOperation, withUnits } from './written-operation.ts'

/** What goes into the queue at once or not at all: one operation, or all of a group. */
export interface TransferUnit {
  /** Empty when they cancelled each other. */
  operations: WrittenOperation[]
  /** Those of `written` that it deals with without sending them. */
  superseded: SupersededOperation[]
  /** Ids of the written operations that are dealt with when it is in the queue. */
  opIds: string[]
  /** What it could take the place of in the queue, and with what; without it, the operations go behind. */
  replacement: { remove: string[]; add: WrittenOperation | null; superseded: SupersededOperation[] } | null
}

/**
 * What the written operations become in the queue, in the order of writing.
 *
 * @param written in the order of writing, and none that the queue holds or held
 * @param entries the queue, in the order of writing
 */
export function planTransfer(
  written: readonly WrittenOperation[],
  entries: readonly QueueEntryView[],
  mergedKeysOf: MergedKeysOf,
): TransferUnit[] {
  const inUnits = foldOperations(withUnits(written), mergedKeysOf)
  const alone = foldAlone(inUnits, mergedKeysOf)
  const units = new Map<string, TransferUnit>()
  for (const fold of alone) {
    const id = fold.operation?.unit ?? fold.sources[0]?.opId ?? ''
    const unit = units.get(id) ?? { operations: [], superseded: [], opIds: [], replacement: null }
    units.set(id, unit)
    if (fold.operation) unit.operations.push(fold.operation)
    unit.superseded.push(...supersededIn(fold))
    unit.opIds.push(...fold.sources.map(({ opId }) => opId))
  }
  return withReplacements([...units.values()], entries, mergedKeysOf)
}

/** What folding within transactions left alone may fold with its like. */
function foldAlone(folds: readonly Fold<WrittenOperation>[], mergedKeysOf: MergedKeysOf): Fold<WrittenOperation>[] {
  const cancelled = folds.filter(({ operation }) => operation === null)
  const left = withUnits(folds.flatMap(({ operation }) => (operation ? [operation] : [])))
  const sourcesOf = new Map(folds.map(({ operation, sources }) => [operation?.opId, sources]))
  const again = foldOperations(left, mergedKeysOf).map(({ operation, sources }) => ({
    operation,
    sources: sources.flatMap((source) => sourcesOf.get(source.opId) ?? []),
  }))
  return [...again, ...cancelled]
}

/**
 * Of each row, what waits unsent at the end of the queue may be folded with the first written one that stands alone. What
 * the queue shows no changes of is a visitor's, and left alone.
 */
function withReplacements(
  units: readonly TransferUnit[],
  entries: readonly QueueEntryView[],
  mergedKeysOf: MergedKeysOf,
): TransferUnit[] {
  const waiting = unsentAtTheEnd(entries)
  const seenRows = new Set<string>()
  return units.map((unit) => {
    const rows = unit.operations.map(rowOf)
    const [row = ''] = rows
    const [operation] = unit.operations
    const isFirst = !seenRows.has(row)
    for (const one of rows) seenRows.add(one)
    const unsent = waiting.get(row)
    if (!operation || operation.unit !== null || !isFirst || !unsent) return unit
    const fold = foldOperations([...unsent.map(asWritten), operation], mergedKeysOf).at(-1)
    const remove = fold?.sources.slice(0, -1).map(({ opId }) => opId) ?? []
    if (!fold || remove.length === 0) return unit
    const by = fold.operation?.opId ?? null
    const superseded = unit.opIds.filter((opId) => opId !== by).map((opId) => ({ opId, by }))
    return { ...unit, replacement: { remove, add: fold.operation, superseded } }
  })
}

function unsentAtTheEnd(entries: readonly QueueEntryView[]): Map<string, QueueEntryView[]> {
  const byRow = new Map<string, QueueEntryView[]>()
  for (const entry of entries) {
    const row = rowOf(entry)
    const isUnsent = entry.state === 'queued' && entry.attempts === 0 && entry.groupId === null
    const isReadable = entry.action === 'delete' || entry.changes !== null
    if (isUnsent && isReadable) byRow.set(row, [...(byRow.get(row) ?? []), entry])
    else byRow.delete(row)
  }
  return byRow
}

function supersededIn({ operation, sources }: Fold): SupersededOperation[] {
  const by = operation?.opId ?? null
  return sources.filter(({ opId }) => opId !== by).map(({ opId }) => ({ opId, by }))
}

export const rowOf = ({ entity, entityId }: { entity: string; entityId: string }): string => `${entity} ${entityId}`
