import { LIMITS } from '@landfall/contract'
import { uuidv7 } from 'uuidv7'
import type { Entry, NewEntry } from './entry.ts'

/** A group goes in one request or not at all. */
export function refuseLargeGroups(writes: readonly NewEntry[]): void {
  const sizes = new Map<string, number>()
  for (const { groupId } of writes) if (groupId) sizes.set(groupId, (sizes.get(groupId) ?? 0) + 1)
  const largest = Math.max(0, ...sizes.values())
  if (largest > LIMITS.operationsPerBatch) {
    throw new RangeError(`a group of ${largest} writes; a request takes ${LIMITS.operationsPerBatch}`)
  }
}

/** The record of a write that has not been tried yet. */
export function newEntry(write: NewEntry, nowMs: number): Entry {
  return {
    layout: 1,
    opId: write.opId ?? uuidv7(),
    groupId: write.groupId ?? null,
    entity: write.entity,
    action: write.action,
    entityId: write.entityId,
    baseVersion: write.baseVersion ?? null,
    formVersion: write.formVersion ?? null,
    capturedAt: write.capturedAt ?? new Date(nowMs).toISOString(),
    label: write.label,
    changes: write.changes ?? null,
    payload: write.payload,
    state: { kind: 'queued', attempts: 0, notBeforeMs: 0, lastProblem: null },
  }
}
