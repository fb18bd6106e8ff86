import {
  type ConflictValues,
  deviceAuthorization,
  LIMITS,
  type OperationResult,
  SYNC_PROTOCOL,
} from '@landfall/contract'
import { uuidv7 } from 'uuidv7'
import type { Entry } from '../entry/entry.ts'
import { toOperation } from '../entry/operation-bytes.ts'
import { die, requeue, settle } from '../entry/transitions.ts'
import type { SyncEvent } from '../log/sync-event.ts'
import type { QuarantineReason } from '../quarantine/quarantined-record.ts'
import type { EntryStore } from '../store/entry-store.ts'
import { OutboxUnavailableError } from '../store/errors.ts'
import { type DeliveryProblem, type DeliveryRecord, INITIAL_DELIVERY } from '../store/meta.ts'
import { BACKOFF_CAP_MS, backoffMs, RETRY_AFTER_CAP_MS } from './backoff.ts'
import type { DrainDependencies, DrainOptions } from './drain.ts'
import { isReachable } from './is-reachable.ts'
import { OFFLINE, postBatch } from './post-batch.ts'

export interface BatchEnd {
  next:
    | { kind: 'go-on' }
    /** Too large together: fewer at once. */
    | { kind: 'split' }
    /** Too large alone, and out of the way of the others now. */
    | { kind: 'aside' }
    | { kind: 'wait'; untilMs: number }
    /** These cannot be read, and the disk has no room to set them apart. */
    | { kind: 'stuck'; opIds: string[] }
  /** Those of the batch that are still in the store, as they are now. */
  entries: Entry[]
}

/** Sends one batch, and writes down what came of it. An entry changes only by the server's answer for it. */
export async function sendBatch(
  { store, queue, identity, fetch, now, random }: DrainDependencies,
  batch: readonly Entry[],
  delivery: DeliveryRecord,
  options: DrainOptions & {
    /** Whether the queue may go on past one that is too large for the way, and small enough for every server. */
    mayStepAside: boolean
  },
): Promise<BatchEnd> {
  const { payloads, unreadable, isStuck } = await openOrSetApart(store, batch)
  if (unreadable.size > 0) {
    const { entries } = await store.some(batch.map(({ opId }) => opId))
    if (isStuck) return { next: { kind: 'stuck', opIds: [...unreadable.keys()] }, entries }
    return { next: { kind: 'go-on' }, entries }
  }
  const isKeepalive = options.keepalive ?? false
  const opIds = batch.map(({ opId }) => opId)
  if (!(await isReachable(fetch, queue.endpoint))) {
    const untilMs = now() + backoffMs(delivery.consecutiveFailures + 1, undefined, random)
    await store.update([], (entry) => entry, { delivery: failedOnce(delivery, OFFLINE, now(), untilMs) })
    return { next: { kind: 'wait', untilMs }, entries: [...batch] }
  }
  const correlationId = uuidv7()
  // A member's writes that were never sent may be folded into later ones.
  const durability = queue.kind === 'member' ? 'strict' : 'relaxed'
  await markSending(store, batch, { correlationId, sinceMs: now() }, isKeepalive, durability)

  const outcome = await postBatch(
    {
      protocol: SYNC_PROTOCOL,
      clientId: identity.clientId,
      sentAt: new Date(now()).toISOString(),
      operations: batch.map((entry) => toOperation(entry, payloads.get(entry.opId) ?? {})),
    },
    {
      fetch,
      endpoint: queue.endpoint,
      headers: queue.kind === 'visitor' ? { authorization: deviceAuthorization(identity) } : {},
      correlationId,
      keepalive: isKeepalive,
      now,
    },
  )

  const giveBack = async (problem: DeliveryProblem, delayMs: number, retryAfterMs = 0): Promise<BatchEnd> => {
    const untilMs = now() + delayMs
    const entries = await store.update(opIds, (entry) => requeue(entry, problem.message, now()), {
      delivery: failedOnce(delivery, problem, now(), untilMs, retryAfterMs),
      events: [gaveBack(problem.status, untilMs)],
    })
    return { next: { kind: 'wait', untilMs }, entries }
  }
  const gaveBack = (status: number | null, untilMs: number): SyncEvent => {
    return { atMs: now(), kind: 'gave-back', correlationId, count: opIds.length, status, untilMs }
  }

  switch (outcome.kind) {
    case 'answered': {
      const results = new Map(outcome.results.map((result) => [result.opId, result]))
      const change = (entry: Entry) => {
        const result = results.get(entry.opId)
        return result ? settle(entry, result, now()) : entry
      }
      const entries = await store.update(opIds, change, {
        delivery: { ...INITIAL_DELIVERY, lastSyncedAtMs: now() },
        events: [{ atMs: now(), kind: 'answered', correlationId, outcomes: countOutcomes(outcome.results) }],
        conflicts: conflictsIn(outcome.results),
      })
      return { next: { kind: 'go-on' }, entries }
    }
    case 'unavailable': {
      const { problem, retryAfterMs } = outcome
      return giveBack(problem, backoffMs(delivery.consecutiveFailures + 1, retryAfterMs, random), retryAfterMs)
    }
    case 'too-large': {
      const { message, status } = outcome.problem
      // A group cannot be sent in parts.
      const isOneUnit = new Set(batch.map(({ groupId, opId }) => groupId ?? opId)).size === 1
      const bytes = batch.reduce((sum, entry) => sum + entry.bytes, 0)
      if (isOneUnit && bytes <= LIMITS.payloadBytes && !options.mayStepAside) {
        return giveBack(outcome.problem, BACKOFF_CAP_MS)
      }
      // What every server of ours takes is refused by something on the way, for a reason that may pass. What none takes
      // would come back for ever. Neither may stand before all others.
      const change = (entry: Entry) => {
        if (!isOneUnit) return requeue(entry, message, now())
        return bytes > LIMITS.payloadBytes
          ? die(entry, 'too_large', now())
          : requeue(entry, message, now(), BACKOFF_CAP_MS)
      }
      const entries = await store.update(opIds, change, {
        delivery: { ...delivery, problem: isOneUnit ? outcome.problem : delivery.problem },
        events: [gaveBack(status, now())],
      })
      return { next: { kind: isOneUnit ? 'aside' : 'split' }, entries }
    }
    case 'refused':
      return giveBack(outcome.problem, BACKOFF_CAP_MS)
  }
}

function failedOnce(
  delivery: DeliveryRecord,
  problem: DeliveryProblem,
  nowMs: number,
  untilMs: number,
  retryAfterMs = 0,
): DeliveryRecord {
  return {
    ...delivery,
    consecutiveFailures: delivery.consecutiveFailures + 1,
    fromMs: nowMs,
    notBeforeMs: untilMs,
    serverNotBeforeMs: retryAfterMs > 0 ? nowMs + Math.min(retryAfterMs, RETRY_AFTER_CAP_MS) : 0,
    problem,
  }
}

/** Opens what the batch says. What cannot be opened is put aside, and what stands or falls with it waits for a person. */
async function openOrSetApart(store: EntryStore, batch: readonly Entry[]) {
  const payloads = new Map<string, Record<string, unknown>>()
  const unreadable = new Map<string, QuarantineReason>()
  for (const [opId, opened] of await store.payloads(batch.map(({ opId }) => opId))) {
    if (opened.kind === 'opened') payloads.set(opId, opened.payload)
    else unreadable.set(opId, opened.reason)
  }
  const moved = unreadable.size > 0 ? await store.quarantine(unreadable).catch(ifDiskIsFull(undefined)) : []
  return { payloads, unreadable, isStuck: moved === undefined }
}

/** Only a display: on a full disk it is left out, because the answer frees the space. */
async function markSending(store: EntryStore, ...args: Parameters<EntryStore['markSending']>): Promise<void> {
  await store.markSending(...args).catch(ifDiskIsFull(undefined))
}

function ifDiskIsFull<T>(instead: T): (error: unknown) => T {
  return (error) => {
    if (error instanceof OutboxUnavailableError && error.reason === 'quota') return instead
    throw error
  }
}

function countOutcomes(results: readonly OperationResult[]): Partial<Record<OperationResult['outcome'], number>> {
  const counts: Partial<Record<OperationResult['outcome'], number>> = {}
  for (const { outcome } of results) counts[outcome] = (counts[outcome] ?? 0) + 1
  return counts
}

function conflictsIn(results: readonly OperationResult[]): Map<string, ConflictValues> {
  return new Map(
    results.flatMap((result): [string, ConflictValues][] =>
      result.outcome === 'conflict' && result.values ? [[result.opId, result.values]] : [],
    ),
  )
}
