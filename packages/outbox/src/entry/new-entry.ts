import { LIMITS } from '@landfall/contract'
import { uuidv7 } from 'uuidv7'
import { toJson } from '../sealing/to-json.ts'
import type { Entry, NewEntry } from './entry.ts'
import { operationBytes } from './operation-bytes.ts'

/** A write that has not been tried yet, and has no place in the order so far. */
export interface UnsavedEntry {
  entry: Omit<Entry, 'seq'>
  payload: Record<string, unknown>
  changes: Record<string, unknown> | null
}

/** A group goes in one request or not at all. */
export function refuseLargeGroups(writes: readonly NewEntry[]): void {
  const sizes = new Map<string, number>()
  for (const { groupId } of writes) if (groupId) sizes.set(groupId, (sizes.get(groupId) ?? 0) + 1)
  const largest = Math.max(0, ...sizes.values())
  if (largest > LIMITS.operationsPerBatch) {
    throw new RangeError(`a group of ${largest} writes; a request takes ${LIMITS.operationsPerBatch}`)
  }
}

/**
 * A single operation that is larger than any server of ours takes.
 *
 * @throws RangeError
 */
export function refuseLarge(entries: readonly UnsavedEntry[]): void {
  const large = entries.find(({ entry }) => entry.bytes > LIMITS.payloadBytes)
  if (large) throw new RangeError(`an operation of ${large.entry.bytes} bytes; a request takes ${LIMITS.payloadBytes}`)
}

export function newEntry(write: NewEntry, nowMs: number): UnsavedEntry {
  const head = {
    opId: write.opId ?? uuidv7(),
    groupId: write.groupId ?? null,
    entity: write.entity,
    action: write.action,
    entityId: write.entityId,
    baseVersion: write.baseVersion ?? null,
    formVersion: write.formVersion ?? null,
    capturedAt: write.capturedAt ?? new Date(nowMs).toISOString(),
  }
  return {
    entry: {
      layout: 2,
      ...head,
      label: write.label,
      bytes: operationBytes(head, toJson(write.payload)),
      hasChanges: write.changes !== undefined,
      correlationId: null,
      state: { kind: 'queued', attempts: 0, fromMs: nowMs, notBeforeMs: 0, lastProblem: null },
    },
    payload: write.payload,
    changes: write.changes ?? null,
  }
}
