import {
  type BatchAnswer,
  type Operation,
  type OperationResult,
  operation,
  type ReceivedBatch,
  SYNC_PROTOCOL,
} from '@landfall/contract'
import { type AppDatabase, type TenantTransaction, withTenant } from '@landfall/database'
import { sql } from 'drizzle-orm'
import type { Principal } from '../principal.ts'
import { blameOf } from './blame.ts'
import type { OnBatch, OnOperation } from './events.ts'
import type { Effect } from './handler.ts'
import type { HandlerRegistry } from './handler-registry.ts'
import { claimOperations, idAlreadyUsed, settleOperations } from './ledger.ts'
import { groupUnits, type Unit } from './units.ts'

export interface ApplyBatchOptions {
  database: AppDatabase
  registry: HandlerRegistry
  principal: Principal
  batch: ReceivedBatch
  /** Correlation id: in the answer, the logs and the ledger. */
  requestId: string
  receivedAt?: Date
  onOperation?: OnOperation
  onBatch?: OnBatch
}

/** How long a device waits before it sends again what we could not take. */
const RETRY_AFTER_MS = 30_000

/**
 * Applies a batch in one transaction: ledger row, effect and outcome of an operation are committed together (SPEC.md).
 *
 * Each operation stands in a savepoint of its own, and a group in one for all, so that a poisoned one costs only itself.
 * It throws when nothing could be committed; the device then keeps everything.
 */
export function applyBatch(options: ApplyBatchOptions): Promise<BatchAnswer> {
  const { database, principal, batch, requestId } = options
  const receivedAt = options.receivedAt ?? new Date()
  const read = batch.operations.map(readOperation)
  const readable = firstOfEach(read.filter((entry) => entry.kind === 'operation').map((entry) => entry.operation))

  return withTenant(database, principal.tenantId, async (tx) => {
    const txid = await currentTxid(tx)
    const claims = await claimOperations(tx, principal, readable, requestId)
    const context = { principal, receivedAt, clockSkewMs: clockSkewMs(batch.sentAt, receivedAt) }
    const results = new Map<string, OperationResult>()

    const isNew = (candidate: Operation) => claims.get(candidate.opId)?.kind === 'new'
    for (const unit of groupUnits(readable.filter(isNew))) {
      const effects = await applyUnit(tx, unit, options, context)
      unit.forEach((candidate, index) => {
        results.set(candidate.opId, toResult(candidate.opId, txid, effects[index]))
      })
    }
    await settleOperations(tx, principal.tenantId, [...results.values()])

    for (const [opId, claim] of claims) if (claim.kind === 'answered') results.set(opId, claim.result)
    const answered = new Set<Operation>(readable)
    return {
      protocol: SYNC_PROTOCOL,
      requestId,
      serverTime: receivedAt.toISOString(),
      results: read.map((entry) => {
        if (entry.kind === 'malformed') return entry.result
        const result = answered.has(entry.operation) ? results.get(entry.operation.opId) : undefined
        const final = result ?? idAlreadyUsed(entry.operation.opId)
        const { opId, entity, action } = entry.operation
        options.onOperation?.({ requestId, opId, entity, action, outcome: final.outcome, path: 'alone', durationMs: 0 })
        return final
      }),
    }
  })
}

type Read = { kind: 'operation'; operation: Operation } | { kind: 'malformed'; result: OperationResult }

function readOperation(input: unknown): Read {
  const parsed = operation.safeParse(input)
  if (parsed.success) return { kind: 'operation', operation: parsed.data }
  const opId = (input as { opId?: unknown } | null)?.opId
  const [issue] = parsed.error.issues
  return {
    kind: 'malformed',
    result: {
      opId: typeof opId === 'string' ? opId.slice(0, 64) : '',
      outcome: 'rejected',
      reason: 'malformed',
      detail: `${issue?.path.join('.') || 'operation'}: ${issue?.message}`,
    },
  }
}

/** An id that stands twice in one batch counts once; the second is answered as a reuse. */
function firstOfEach(operations: Operation[]): Operation[] {
  const seen = new Set<string>()
  return operations.filter((candidate) => !seen.has(candidate.opId) && seen.add(candidate.opId))
}

async function applyUnit(
  tx: TenantTransaction,
  unit: Unit,
  { registry, requestId, onOperation }: ApplyBatchOptions,
  context: { principal: Principal; receivedAt: Date; clockSkewMs: number },
): Promise<(Effect | 'retry')[]> {
  const effects: (Effect | 'retry')[] = []
  try {
    await tx.transaction(async (savepoint) => {
      for (const candidate of unit) {
        const effect = await registry.find(candidate)({ ...context, tx: savepoint }, candidate)
        effects.push(effect)
        if (effect.outcome === 'rejected') throw new UnitRejected()
      }
    })
    return effects
  } catch (error) {
    if (!(error instanceof UnitRejected)) {
      const blame = blameOf(error)
      if (blame === 'batch') throw error
      const failed = unit[effects.length]
      if (failed)
        onOperation?.({
          requestId,
          ...failed,
          outcome: blame === 'operation' ? 'rejected' : 'retry',
          path: 'alone',
          durationMs: 0,
          error,
        })
      if (blame === 'server') return unit.map(() => 'retry')
      effects.push({ outcome: 'rejected', reason: 'malformed', detail: 'The database refuses this content.' })
    }
    // The last effect is the one that failed; whatever stood with it falls with it.
    return unit.map((_, index) =>
      index === effects.length - 1 ? (effects[index] ?? 'retry') : { outcome: 'rejected', reason: 'group_failed' },
    )
  }
}

/** Ends the savepoint of a unit of which one operation was rejected. */
class UnitRejected extends Error {}

function toResult(opId: string, txid: number, effect: Effect | 'retry' | undefined): OperationResult {
  if (effect === 'retry' || effect === undefined) return { opId, outcome: 'retry', retryAfterMs: RETRY_AFTER_MS }
  return effect.outcome === 'rejected' ? { opId, ...effect } : { opId, txid, ...effect }
}

async function currentTxid(tx: TenantTransaction): Promise<number> {
  const { rows } = await tx.execute<{ txid: string }>(sql`SELECT pg_current_xact_id()::xid::text AS txid`)
  return Number(rows[0]?.txid)
}

/** Fits an `integer`: a clock that is off by more than 24 days is off by 24 days. */
function clockSkewMs(sentAt: string, receivedAt: Date): number {
  const skewMs = Date.parse(sentAt) - receivedAt.getTime()
  return Math.max(-(2 ** 31), Math.min(2 ** 31 - 1, skewMs))
}
