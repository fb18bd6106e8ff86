import type { OperationResult } from '@landfall/contract'
import type { ApplyBatchOptions } from './apply-batch.ts'
import type { Applied } from './apply-unit.ts'
import { codeOf } from './blame.ts'
import type { BatchEvent, OperationEvent } from './events.ts'
import type { Observation } from './handler.ts'
import type { Place } from './read-operations.ts'

type Told = Pick<ApplyBatchOptions, 'batch' | 'requestId' | 'registry' | 'onOperation' | 'onBatch'>

interface Done {
  applied: ReadonlyMap<string, Applied>
  observed: ReadonlyMap<string, Observation>
}

/** Collects what the observers are told of a batch, and tells them once its end is known. */
export function reportBatch({ batch, requestId, registry, onOperation, onBatch }: Told, receivedAt: Date) {
  const beganAtMs = performance.now()
  const attemptErrors: string[] = []
  const skewMs = Date.parse(batch.sentAt) - receivedAt.getTime()

  const tellBatch = (outcomes: BatchEvent['outcomes'], error?: unknown) =>
    onBatch?.({
      requestId,
      operations: batch.operations.length,
      durationMs: performance.now() - beganAtMs,
      // The last attempt of a batch that failed was not begun again.
      retries: Math.max(0, attemptErrors.length - (error !== undefined && codeOf(error) ? 1 : 0)),
      attemptErrors,
      outcomes,
      ...(error === undefined ? {} : { error }),
    })

  return {
    onDeath: (code: string) => void attemptErrors.push(code),
    failed: (error: unknown) => tellBatch(countOutcomes([]), error),
    committed(places: readonly Place[], results: readonly OperationResult[], done: Done): void {
      if (onOperation) {
        for (const [index, place] of places.entries()) {
          const result = results[index]
          if (result) onOperation(operationEvent(place, result, done))
        }
      }
      tellBatch(countOutcomes(results))
    },
  }

  function operationEvent(place: Place, result: OperationResult, { applied, observed }: Done): OperationEvent {
    const base = {
      requestId,
      opId: result.opId,
      outcome: result.outcome,
      ...(result.outcome === 'rejected' ? { reason: result.reason } : {}),
    }
    if (place.kind === 'unclaimed') {
      return { ...base, entity: 'unknown', action: 'unknown', path: 'none', durationMs: 0 }
    }
    const { operation } = place.read
    const own = applied.get(operation.opId)
    return {
      ...base,
      entity: registry.has(operation.entity) ? operation.entity : 'unknown',
      action: operation.action,
      // What was seen of an operation that was undone afterwards is not told.
      ...(result.outcome === 'applied' || result.outcome === 'conflict' ? observed.get(operation.opId) : {}),
      path: own?.path ?? 'none',
      durationMs: own?.durationMs ?? 0,
      queuedMs: Math.max(0, receivedAt.getTime() - (Date.parse(operation.capturedAt) - skewMs)),
      ...(own?.error === undefined ? {} : { error: own.error }),
    }
  }
}

function countOutcomes(results: readonly OperationResult[]): BatchEvent['outcomes'] {
  const counts = { applied: 0, duplicate: 0, conflict: 0, rejected: 0, retry: 0 }
  for (const { outcome } of results) counts[outcome] += 1
  return counts
}
