import { LIMITS } from '@landfall/contract'
import type { Entry } from '../entry/entry.ts'
import { headsOfRows } from '../entry/row-order.ts'
import { isDue } from './backoff.ts'

/** Room for the envelope round the operations. */
const ENVELOPE_BYTES = 512

export interface BatchLimits {
  operations: number
  bytes: number
  /** What is larger than the request may be waits for another; otherwise it goes alone, for the server to judge. */
  mustFit: boolean
}

/**
 * The oldest entries that may go, are due and fit one request; groups are not torn.
 *
 * @param entries waiting and dead ones, in order of writing
 */
export function takeBatch(
  entries: readonly Entry[],
  isDue: (entry: Entry) => boolean,
  limits: BatchLimits = { operations: LIMITS.operationsPerBatch, bytes: LIMITS.batchBytes, mustFit: false },
): Entry[] {
  const batch: Entry[] = []
  let size = ENVELOPE_BYTES
  for (const unit of headsOfRows(entries)) {
    const unitBytes = unit.reduce((sum, entry) => sum + entry.bytes, 0)
    if (!unit.every(isDue) || (limits.mustFit && ENVELOPE_BYTES + unitBytes > limits.bytes)) continue
    size += unitBytes
    if (batch.length > 0 && (size > limits.bytes || batch.length + unit.length > limits.operations)) break
    batch.push(...unit)
  }
  return batch
}

/** When the first of those that may go is due, in milliseconds since 1970; null when all wait for a person, or none is left. */
export function nextDueMs(entries: readonly Entry[]): number | null {
  let next: number | null = null
  for (const unit of headsOfRows(entries)) {
    const dueMs = Math.max(...unit.map(({ state }) => (state.kind === 'queued' ? state.notBeforeMs : 0)))
    next = next === null ? dueMs : Math.min(next, dueMs)
  }
  return next
}

/** Whether the server asked for no more patience with it. */
export function isEntryDue({ state }: Entry, nowMs: number): boolean {
  return state.kind !== 'queued' || isDue(state, nowMs)
}
