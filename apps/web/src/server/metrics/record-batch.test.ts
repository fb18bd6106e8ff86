import type { OperationEvent } from '@landfall/ingest'
import { beforeEach, expect, test } from 'vitest'
import { metrics } from './metrics.ts'
import { recordBatch, recordOperation } from './record-batch.ts'

const event = (changes: Partial<OperationEvent>): OperationEvent => ({
  requestId: 'request-1',
  opId: '01933b1e-7a5c-7cc3-9f6d-1f2e3d4c5b6a',
  entity: 'lead',
  action: 'insert',
  outcome: 'applied',
  path: 'alone',
  durationMs: 4,
  ...changes,
})

beforeEach(() => {
  metrics().registry.resetMetrics()
})

/** Samples whose line begins so. */
async function samples(name: string): Promise<string[]> {
  const text = await metrics().registry.metrics()
  return text.split('\n').filter((line) => line.startsWith(name))
}

test('operations are counted by what became of them', async () => {
  recordOperation(event({}))
  recordOperation(event({}))
  recordOperation(event({ outcome: 'rejected', reason: 'invalid_values' }))
  expect(await samples('landfall_operations_total')).toEqual([
    'landfall_operations_total{entity="lead",action="insert",outcome="applied",reason=""} 2',
    'landfall_operations_total{entity="lead",action="insert",outcome="rejected",reason="invalid_values"} 1',
  ])
})

test('what a caller makes up becomes no label', async () => {
  for (const entity of ['x1', 'x2', 'unknown']) {
    recordOperation(event({ entity, action: 'unknown', outcome: 'rejected', reason: 'unknown_entity' }))
  }
  expect(await samples('landfall_operations_total')).toEqual([
    'landfall_operations_total{entity="other",action="other",outcome="rejected",reason="unknown_entity"} 3',
  ])
})

test('the age in the queue counts once a lead, and a clock that went wild does not outweigh the others', async () => {
  recordOperation(event({ queuedMs: 45_000 }))
  recordOperation(event({ queuedMs: 45_000, outcome: 'duplicate' }))
  recordOperation(event({ queuedMs: -5_000 }))
  recordOperation(event({ queuedMs: 50 * 365 * 24 * 3_600_000 }))
  const [count] = await samples('landfall_queue_age_seconds_count')
  expect(count).toBe('landfall_queue_age_seconds_count 3')
  expect(await samples('landfall_queue_age_seconds_bucket{le="60"}')).toEqual([
    'landfall_queue_age_seconds_bucket{le="60"} 2',
  ])
  expect(await samples('landfall_queue_age_seconds_sum')).toEqual(['landfall_queue_age_seconds_sum 2592045'])
})

test('a lead that was set apart counts under each of its reasons, and a replay of it under none', async () => {
  recordOperation(event({ spamReasons: ['decoy', 'too_fast'] }))
  recordOperation(event({ spamReasons: ['decoy'], outcome: 'duplicate' }))
  expect(await samples('landfall_operations_quarantined_total')).toEqual(
    expect.arrayContaining([
      'landfall_operations_quarantined_total{reason="decoy"} 1',
      'landfall_operations_quarantined_total{reason="too_fast"} 1',
    ]),
  )
})

test('a batch that failed counts apart from those that were answered, with what its attempts died of', async () => {
  const principal = { kind: 'visitor', tenantId: 't', clientId: 'c' } as const
  const outcomes = { applied: 0, duplicate: 0, conflict: 0, rejected: 0, retry: 0 }
  const batch = { requestId: 'request-1', operations: 50, durationMs: 30, retries: 1, outcomes }
  recordBatch(principal, { ...batch, attemptErrors: ['40P01'] })
  recordBatch(principal, { ...batch, attemptErrors: ['40P01', 'connection'], error: new Error('lost') })
  expect(await samples('landfall_batch_duration_seconds_count')).toEqual([
    'landfall_batch_duration_seconds_count{principal="visitor",result="answered"} 1',
    'landfall_batch_duration_seconds_count{principal="visitor",result="failed"} 1',
  ])
  expect(await samples('landfall_batch_attempt_failures_total')).toEqual([
    'landfall_batch_attempt_failures_total{error="40P01"} 2',
    'landfall_batch_attempt_failures_total{error="connection"} 1',
  ])
  expect(await samples('landfall_batch_retries_total')).toEqual(['landfall_batch_retries_total 2'])
  expect(await samples('landfall_batch_operations_sum')).toEqual(['landfall_batch_operations_sum 100'])
})
