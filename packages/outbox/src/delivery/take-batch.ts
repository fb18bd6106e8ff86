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

/** The oldest entries that are due and fit one request. One that fits none goes alone, for the server to judge. */
export function takeBatch(
  undelivered: readonly Entry[],
  nowMs: number,
  limits: { operations: number; bytes: number } = { operations: LIMITS.operationsPerBatch, bytes: LIMITS.batchBytes },
): Entry[] {
  const batch: Entry[] = []
  let size = ENVELOPE_BYTES
  for (const entry of undelivered) {
    if (entry.state.kind === 'queued' && !isDue(entry.state.notBeforeMs, nowMs)) continue
    size += bytesOf(entry)
    if (batch.length > 0 && size > limits.bytes) break
    batch.push(entry)
    if (batch.length === limits.operations) break
  }
  return batch
}
