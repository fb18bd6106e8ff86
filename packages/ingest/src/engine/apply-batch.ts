import {
  type BatchAnswer,
  type Operation,
  type OperationResult,
  ProblemError,
  type ReceivedBatch,
  SYNC_PROTOCOL,
} from '@landfall/contract'
import { type AppDatabase, withTenantSession } from '@landfall/database'
import type { Principal } from '../principal.ts'
import { type Applied, applyUnit } from './apply-unit.ts'
import { blameOf } from './blame.ts'
import type { OnBatch, OnOperation } from './events.ts'
import type { Effect, HandlerContext, Observation } from './handler.ts'
import type { HandlerRegistry } from './handler-registry.ts'
import { claimOperations, type Delivery, settleOperations } from './ledger.ts'
import { foregoneEffect, type Place, type ReadOperation, readOperations } from './read-operations.ts'
import { reportBatch } from './report-batch.ts'
import { type RetryPolicy, retryTransaction } from './retry-transaction.ts'
import { storable } from './storable.ts'
import { planUnits, type Unit } from './units.ts'

export interface ApplyBatchOptions {
  database: AppDatabase
  registry: HandlerRegistry
  principal: Principal
  batch: ReceivedBatch
  /** Correlation id: in the answer, the logs and the ledger. */
  requestId: string
  receivedAt?: Date
  retryPolicy?: RetryPolicy
  /** Told of every operation once the batch is committed. Neither may throw: what is committed is to be answered. */
  onOperation?: OnOperation
  /** Told once of the batch, also when nothing could be committed. */
  onBatch?: OnBatch
}

/** How long a device waits before it sends again what we could not take. */
const RETRY_AFTER_MS = 30_000

/** Past this a batch begins nothing more: what is left is answered `retry`, and what was done is committed. */
const BATCH_BUDGET_MS = 10_000

/**
 * Applies a batch in one transaction: ledger row, effect and outcome of an operation are committed together (SPEC.md).
 *
 * Operations of one kind share their statements; a poisoned one costs only itself and its group. A transaction that
 * dies as a whole is tried again.
 *
 * @throws ProblemError `upstream_unavailable` when nothing could be committed: the device keeps everything
 */
export async function applyBatch(options: ApplyBatchOptions): Promise<BatchAnswer> {
  const { database, principal, batch, registry, requestId } = options
  const receivedAt = options.receivedAt ?? new Date()
  const report = reportBatch(options, receivedAt)
  const places = readOperations(batch.operations, registry, principal)
  const reads = places.filter((place) => place.kind === 'read').map((place) => place.read)
  const delivery: Delivery = { principal, requestId, receivedAt }
  const transaction = () =>
    withTenantSession(database, principal.tenantId, async (session) => {
      const clockSkewMs = clockSkewOf(batch.sentAt, receivedAt)
      const deviceId = deviceIdOf(options)
      const observed = new Map<string, Observation>()
      const observe = (opId: string, seen: Observation) => void observed.set(opId, seen)
      const context = { session, principal, deviceId, receivedAt, clockSkewMs, observe }
      const done = await applyAll(context, delivery, reads)
      return { ...done, observed }
    })
  const done = await retryTransaction(transaction, report.onDeath, options.retryPolicy).catch((error: unknown) => {
    report.failed(error)
    if (blameOf(error) !== 'batch') throw error
    throw new ProblemError('upstream_unavailable', 'The database could not take this now. Nothing is lost.', {
      retryAfterMs: RETRY_AFTER_MS,
      cause: error,
    })
  })
  const results = places.map((place) => resultOf(place, done.results))
  report.committed(places, results, done)
  return { protocol: SYNC_PROTOCOL, requestId, serverTime: receivedAt.toISOString(), results }
}

interface Done {
  results: ReadonlyMap<string, OperationResult>
  applied: ReadonlyMap<string, Applied>
}

/** The transaction: claim, apply unit by unit, write the outcomes that were not foregone. */
async function applyAll(context: HandlerContext, delivery: Delivery, reads: readonly ReadOperation[]): Promise<Done> {
  const { session, principal } = context
  const foregone = new Map(reads.map((read) => [read.operation.opId, foregoneEffect(read)]))
  const claiming = reads.map(({ operation }) => ({ operation, foregone: foregone.get(operation.opId) }))
  const claims = await claimOperations(session, delivery, claiming)

  const results = new Map<string, OperationResult>()
  for (const [opId, claim] of claims) if (claim.kind === 'answered') results.set(opId, claim.result)
  const txidOf = (opId: string) => {
    const claim = claims.get(opId)
    return claim?.kind === 'new' ? claim.txid : undefined
  }
  const ours = reads.filter((read) => txidOf(read.operation.opId) !== undefined)
  const applied = await applyUnits(context, planUnits(ours))

  const unforeseen: OperationResult[] = []
  for (const { operation } of ours) {
    const { opId } = operation
    const expected = foregone.get(opId)
    const own = applied.get(opId)?.effect ?? expected ?? 'retry'
    const effect = own === expected ? own : storable(own)
    const result = toResult(opId, txidOf(opId) ?? 0, effect)
    results.set(opId, result)
    if (!expected || !isSameEffect(effect, expected)) unforeseen.push(result)
  }
  if (unforeseen.length > 0) await settleOperations(session, principal.tenantId, unforeseen)
  return { results, applied }
}

async function applyUnits(context: HandlerContext, units: readonly Unit[]): Promise<Map<string, Applied>> {
  const endsAtMs = performance.now() + BATCH_BUDGET_MS
  const applied = new Map<string, Applied>()
  // What comes after an operation that must come again waits for it: an amendment finds no lead before the lead.
  const waitingRows = new Set<string>()
  const rowOf = ({ entity, entityId }: Operation) => `${entity}:${entityId}`
  for (const unit of units) {
    const operations = operationsOf(unit)
    const isLate = performance.now() > endsAtMs
    const mustWait = (operation: Operation) => isLate || waitingRows.has(rowOf(operation))
    const held = unit.kind === 'group' && operations.some(mustWait) ? operations : operations.filter(mustWait)
    const done = held.length === operations.length ? [] : await applyUnit(context, without(unit, new Set(held)))
    for (const entry of [...held.map(waiting), ...done]) {
      applied.set(entry.operation.opId, entry)
      if (entry.effect === 'retry') waitingRows.add(rowOf(entry.operation))
    }
  }
  return applied
}

const waiting = (operation: Operation): Applied => ({ operation, effect: 'retry', path: 'none', durationMs: 0 })

function operationsOf(unit: Unit): Operation[] {
  switch (unit.kind) {
    case 'run':
      return unit.run.map((candidate) => candidate.operation)
    case 'group':
      return unit.members.map((member) => member.operation)
  }
}

function without(unit: Unit, held: ReadonlySet<Operation>): Unit {
  if (held.size === 0 || unit.kind === 'group') return unit
  return { ...unit, run: unit.run.filter((candidate) => !held.has(candidate.operation)) }
}

function isSameEffect(effect: Effect | 'retry', expected: Effect): boolean {
  if (effect === expected) return true
  return (
    effect !== 'retry' &&
    effect.outcome === 'applied' &&
    expected.outcome === 'applied' &&
    effect.version === expected.version
  )
}

function resultOf(place: Place, results: ReadonlyMap<string, OperationResult>): OperationResult {
  switch (place.kind) {
    case 'unclaimed':
      return place.result
    case 'read': {
      const { opId } = place.read.operation
      return results.get(opId) ?? toResult(opId, 0, 'retry')
    }
  }
}

function toResult(opId: string, txid: number, effect: Effect | 'retry'): OperationResult {
  if (effect === 'retry') return { opId, outcome: 'retry', retryAfterMs: RETRY_AFTER_MS }
  return effect.outcome === 'rejected' ? { opId, ...effect } : { opId, txid, ...effect }
}

/** A visitor's is proven, and is the one that its leads carry. */
function deviceIdOf({ principal, batch }: ApplyBatchOptions): string {
  return principal.kind === 'visitor' ? principal.clientId : batch.clientId
}

/** Fits an `integer`: a clock that is off by more than 24 days is off by 24 days. */
function clockSkewOf(sentAt: string, receivedAt: Date): number {
  const skewMs = Date.parse(sentAt) - receivedAt.getTime()
  return Math.max(-(2 ** 31), Math.min(2 ** 31 - 1, skewMs))
}
