import type { BatchEvent, OperationEvent, Principal } from '@landfall/ingest'
import { principalFingerprint } from '@landfall/ingest'
import type { Logger } from 'pino'
import { z } from 'zod'
import { logger } from './logger.ts'

export interface SyncLogger {
  onOperation(event: OperationEvent): void
  onBatch(event: BatchEvent): void
}

/**
 * The log of one batch: a line for it, a line for each operation that somebody may ask about, and the rest at `debug`.
 * Every line carries the correlation id, and fields are picked, never copied: no value, no name of a person, and none
 * of the engine's sentences, which quote what a caller wrote.
 */
export function createSyncLogger(
  principal: Principal,
  requestId: string,
  clockSkewMs: number,
  parent = logger(),
): SyncLogger {
  const log = parent.child({ requestId, tenantId: principal.tenantId, actor: principalFingerprint(principal) })
  let queuedMaxMs = 0
  return {
    onOperation(event) {
      queuedMaxMs = Math.max(queuedMaxMs, event.queuedMs ?? 0)
      logOperation(log, event)
    },
    onBatch(event) {
      const { operations, outcomes, durationMs, retries, attemptErrors, error } = event
      const fields = {
        operations,
        ...outcomes,
        durationMs: Math.round(durationMs * 10) / 10,
        queuedMaxMs: Math.round(queuedMaxMs),
        clockSkewMs,
        ...(retries > 0 ? { retries, attemptErrors } : {}),
      }
      if (error === undefined) log.info(fields, 'batch')
      // The error itself is logged where it becomes an answer.
      else log.warn(fields, 'batch failed')
    },
  }
}

function logOperation(log: Logger, event: OperationEvent): void {
  const { entity, action, outcome, reason, spamReasons, path, error } = event
  const fields = {
    // Of an operation that could not be read it is whatever the caller wrote there.
    ...(z.uuid().safeParse(event.opId).success ? { opId: event.opId } : {}),
    entity,
    action,
    outcome,
    ...(reason ? { reason } : {}),
    ...(spamReasons?.length ? { spamReasons } : {}),
    path,
  }
  if (error !== undefined) log.error({ ...fields, err: error }, 'operation failed')
  else if (spamReasons?.length && outcome !== 'duplicate') log.info(fields, 'operation quarantined')
  else if (outcome === 'rejected' || outcome === 'conflict') log.info(fields, `operation ${outcome}`)
  else log.debug(fields, 'operation')
}
