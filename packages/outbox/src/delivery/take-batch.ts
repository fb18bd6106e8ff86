import { LIMITS, type Operation } from '@landfall/contract'
import type { Entry } from '../entry/entry.ts'
import { isDue } from './backoff.ts'

export function toOperation(entry: Entry): Operation {
  return {
    opId: entry.opId,
    ...(entry.groupId === null ? {} : { groupId: entry.groupId }),
    entity: entry.entity,
    action: entry.action,
    entityId: entry.entityId,
    ...(entry.baseVersion === null ? {} : { baseVersion: entry.baseVersion }),
    ...(entry.formVersion === null ? {} : { formVersion: entry.formVersion }),
    capturedAt: entry.capturedAt,
    payload: entry.payload ?? {},
  }
}

const encoder = new TextEncoder()
const bytesOf = (entry: Entry) => encoder.encode(JSON.stringify(toOperation(entry))).byteLength + 1
/** Room for the envelope round the operations. */
const ENVELOPE_BYTES = 512

/** The oldest entries that are due and fit one request; groups are not torn. What fits none goes alone, for the server to judge. */
export function takeBatch(
  undelivered: readonly Entry[],
  nowMs: number,
  limits: { operations: number; bytes: number } = { operations: LIMITS.operationsPerBatch, bytes: LIMITS.batchBytes },
): Entry[] {
  const batch: Entry[] = []
  let size = ENVELOPE_BYTES
  for (const unit of unitsOf(undelivered)) {
    if (unit.some((entry) => entry.state.kind === 'queued' && !isDue(entry.state.notBeforeMs, nowMs))) continue
    size += unit.reduce((sum, entry) => sum + bytesOf(entry), 0)
    if (batch.length > 0 && (size > limits.bytes || batch.length + unit.length > limits.operations)) break
    batch.push(...unit)
  }
  return batch
}

/** Members of a group stand together, where its first one stood: they are sent in one request or not yet. */
function unitsOf(entries: readonly Entry[]): Entry[][] {
  const units: Entry[][] = []
  const byGroup = new Map<string, Entry[]>()
  for (const entry of entries) {
    const group = entry.groupId === null ? undefined : byGroup.get(entry.groupId)
    if (group) {
      group.push(entry)
      continue
    }
    const unit = [entry]
    units.push(unit)
    if (entry.groupId !== null) byGroup.set(entry.groupId, unit)
  }
  return units
}
