import { OPERATION_ACTIONS } from '@landfall/contract'
import type { BatchEvent, OperationEvent, Principal } from '@landfall/ingest'
import { metrics } from './metrics.ts'

/** Entities that have handlers. */
const ENTITIES: readonly string[] = ['lead']
const ACTIONS: readonly string[] = OPERATION_ACTIONS

/** A clock that went wild between capture and send would outweigh every honest one in the sum. */
const MAX_QUEUE_AGE_MS = 30 * 24 * 3_600_000

export function recordOperation(event: OperationEvent): void {
  const { operations, quarantined, operationSeconds, queueAgeSeconds } = metrics()
  const entity = ENTITIES.includes(event.entity) ? event.entity : 'other'
  const action = ACTIONS.includes(event.action) ? event.action : 'other'
  operations.inc({ entity, action, outcome: event.outcome, reason: event.reason ?? '' })
  if (event.outcome === 'duplicate' || event.outcome === 'retry') return
  for (const reason of event.spamReasons ?? []) quarantined.inc({ reason })
  if (event.path !== 'none') operationSeconds.observe({ path: event.path }, event.durationMs / 1_000)
  if (event.queuedMs !== undefined) {
    queueAgeSeconds.observe(Math.min(Math.max(0, event.queuedMs), MAX_QUEUE_AGE_MS) / 1_000)
  }
}

export function recordBatch(principal: Principal, event: BatchEvent): void {
  const { batchOperations, batchSeconds, batchRetries, attemptFailures } = metrics()
  batchOperations.observe(event.operations)
  const result = event.error === undefined ? 'answered' : 'failed'
  batchSeconds.observe({ principal: principal.kind, result }, event.durationMs / 1_000)
  batchRetries.inc(event.retries)
  for (const error of event.attemptErrors) attemptFailures.inc({ error })
}
