import { type DeviceIdentity, deviceAuthorization, LIMITS, SYNC_PROTOCOL } from '@landfall/contract'
import type { Entry } from '../entry/entry.ts'
import { dieOfSize, requeue, settle, startSending } from '../entry/transitions.ts'
import { type DeliveryProblem, type DeliveryRecord, type EntryStore, INITIAL_DELIVERY } from '../store/entry-store.ts'
import type { QueueRecord } from '../store/queue-directory.ts'
import { BACKOFF_CAP_MS, backoffMs, isDue, RETRY_AFTER_CAP_MS } from './backoff.ts'
import { postBatch } from './post-batch.ts'
import { takeBatch, toOperation } from './take-batch.ts'

export interface DrainDependencies {
  store: EntryStore
  queue: QueueRecord
  identity: DeviceIdentity
  fetch: typeof fetch
  now: () => number
  random: () => number
  /** Something in the store changed. */
  onChange: () => void
}

/**
 * What a drain waits for. `when-due`: our own backoff, and what the server asked for. `eager`, when something suggests that
 * things have changed (a page was opened, the network came back): only what the server asked for. `now`, when a person
 * says so: nothing.
 */
export type Urgency = 'when-due' | 'eager' | 'now'

export interface DrainOptions {
  urgency?: Urgency
  /** The page is going away: one small request that outlives it. */
  keepalive?: boolean
}

/** How a drain ended: nothing left, or something waits for a later time. */
export type DrainResult = { kind: 'empty' } | { kind: 'waiting'; untilMs: number }

/**
 * Sends what is due, batch after batch, until nothing is left or somebody must wait. The caller holds the queue's lock:
 * there is one drainer at a time.
 *
 * An entry changes only by the server's answer for it. Without one it goes back as it was.
 */
export async function drain(dependencies: DrainDependencies, options: DrainOptions = {}): Promise<DrainResult> {
  const { store, now } = dependencies
  let operationLimit: number = LIMITS.operationsPerBatch
  for (;;) {
    const delivery = await store.delivery()
    const undelivered = await store.undelivered()
    if (undelivered.length === 0) return { kind: 'empty' }
    const notBeforeMs = gateOf(delivery, options.urgency ?? 'when-due')
    if (!isDue(notBeforeMs, now())) return { kind: 'waiting', untilMs: notBeforeMs }

    const batch = takeBatch(undelivered, now(), {
      operations: operationLimit,
      bytes: options.keepalive ? LIMITS.keepaliveBytes : LIMITS.batchBytes,
    })
    if (batch.length === 0) return { kind: 'waiting', untilMs: earliest(undelivered) }

    const next = await sendBatch(dependencies, batch, delivery, options)
    if (next.kind === 'split') operationLimit = Math.max(1, Math.floor(batch.length / 2))
    else if (next.kind === 'wait') return { kind: 'waiting', untilMs: next.untilMs }
    else if (options.keepalive) return { kind: 'waiting', untilMs: now() }
  }
}

function gateOf(delivery: DeliveryRecord, urgency: Urgency): number {
  switch (urgency) {
    case 'when-due':
      return delivery.notBeforeMs
    case 'eager':
      return delivery.serverNotBeforeMs
    case 'now':
      return 0
  }
}

type Next = { kind: 'go-on' } | { kind: 'split' } | { kind: 'wait'; untilMs: number }

async function sendBatch(
  { store, queue, identity, fetch, now, random, onChange }: DrainDependencies,
  batch: readonly Entry[],
  delivery: DeliveryRecord,
  options: DrainOptions,
): Promise<Next> {
  const opIds = batch.map((entry) => entry.opId)
  // Only a display: a crash that loses this mark leaves a queued entry, which is right as well.
  await store.update(opIds, (entry) => startSending(entry, now()), { durability: 'relaxed' })
  onChange()

  const outcome = await postBatch(
    {
      protocol: SYNC_PROTOCOL,
      clientId: identity.clientId,
      sentAt: new Date(now()).toISOString(),
      operations: batch.map(toOperation),
    },
    {
      fetch,
      endpoint: queue.endpoint,
      headers: queue.kind === 'visitor' ? { authorization: deviceAuthorization(identity) } : {},
      keepalive: options.keepalive ?? false,
      now,
    },
  )

  const giveBack = async (problem: DeliveryProblem, delayMs: number, retryAfterMs = 0): Promise<Next> => {
    const untilMs = now() + delayMs
    await store.update(opIds, (entry) => requeue(entry, 0, problem.message), {
      delivery: {
        ...delivery,
        consecutiveFailures: delivery.consecutiveFailures + 1,
        notBeforeMs: untilMs,
        serverNotBeforeMs: retryAfterMs > 0 ? now() + Math.min(retryAfterMs, RETRY_AFTER_CAP_MS) : 0,
        problem,
      },
    })
    onChange()
    return { kind: 'wait', untilMs }
  }

  switch (outcome.kind) {
    case 'answered': {
      const results = new Map(outcome.results.map((result) => [result.opId, result]))
      await store.update(
        opIds,
        (entry) => {
          const result = results.get(entry.opId)
          return result ? settle(entry, result, now()) : entry
        },
        { delivery: { ...INITIAL_DELIVERY, lastSyncedAtMs: now() } },
      )
      onChange()
      return { kind: 'go-on' }
    }
    case 'unavailable': {
      const { problem, retryAfterMs } = outcome
      return giveBack(problem, backoffMs(delivery.consecutiveFailures + 1, retryAfterMs, random), retryAfterMs)
    }
    case 'too-large':
      if (batch.length > 1) {
        await store.update(opIds, (entry) => requeue(entry, 0, outcome.problem.message))
        return { kind: 'split' }
      }
      // Alone, and still too large: it would stand before all others for ever.
      await store.update(opIds, (entry) => dieOfSize(entry, now()))
      onChange()
      return { kind: 'go-on' }
    case 'refused':
      return giveBack(outcome.problem, BACKOFF_CAP_MS)
  }
}

function earliest(entries: readonly Entry[]): number {
  return Math.min(...entries.map((entry) => (entry.state.kind === 'queued' ? entry.state.notBeforeMs : 0)))
}
