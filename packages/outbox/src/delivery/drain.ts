import { type DeviceIdentity, LIMITS } from '@landfall/contract'
import type { Entry } from '../entry/entry.ts'
import { isUnsettled } from '../entry/transitions.ts'
import type { EntryStore } from '../store/entry-store.ts'
import type { DeliveryRecord } from '../store/meta.ts'
import type { QueueRecord } from '../store/queue-directory.ts'
import { isDue } from './backoff.ts'
import { sendBatch } from './send-batch.ts'
import { nextDueMs, takeBatch } from './take-batch.ts'

export interface DrainDependencies {
  store: EntryStore
  queue: QueueRecord
  identity: DeviceIdentity
  fetch: typeof fetch
  now: () => number
  random: () => number
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

/** How a drain ended: nothing left; something waits for a later time; what is left waits for a person. */
export type DrainResult = { kind: 'empty' } | { kind: 'waiting'; untilMs: number } | { kind: 'held' }

/**
 * Sends what is due, batch after batch, until nothing is left or somebody must wait. The caller holds the queue's lock:
 * there is one drainer at a time. It may die at any step; the next one finds everything that has no answer yet.
 *
 * The heads of what waits are read once and kept through the drain; only a batch's payloads are read and opened.
 */
export async function drain(dependencies: DrainDependencies, options: DrainOptions = {}): Promise<DrainResult> {
  const { store, now } = dependencies
  let operationLimit: number = LIMITS.operationsPerBatch
  let undelivered: Entry[] | undefined
  for (;;) {
    const delivery = await store.delivery()
    if (!undelivered && !(await store.hasWaiting())) return { kind: 'empty' }
    const gate = gateOf(delivery, options.urgency ?? 'when-due')
    if (!isDue(gate, now())) return { kind: 'waiting', untilMs: gate.notBeforeMs }

    const isFresh = !undelivered
    undelivered ??= await store.undelivered()
    const batch = takeBatch(undelivered, now(), {
      operations: operationLimit,
      bytes: options.keepalive ? LIMITS.keepaliveBytes : LIMITS.batchBytes,
    })
    if (batch.length === 0) {
      if (isFresh) return howItEnds(undelivered)
      // What came in meanwhile is not in the list yet.
      undelivered = undefined
      continue
    }

    const { next, entries } = await sendBatch(dependencies, batch, delivery, options)
    if (next.kind === 'wait') return { kind: 'waiting', untilMs: next.untilMs }
    if (options.keepalive && next.kind === 'go-on') return { kind: 'waiting', untilMs: now() }
    if (next.kind === 'split') operationLimit = Math.max(1, Math.floor(batch.length / 2))
    undelivered = replaceIn(undelivered, batch, entries)
  }
}

function gateOf(delivery: DeliveryRecord, urgency: Urgency): { fromMs: number; notBeforeMs: number } {
  switch (urgency) {
    case 'when-due':
      return delivery
    case 'eager':
      return { fromMs: delivery.fromMs, notBeforeMs: delivery.serverNotBeforeMs }
    case 'now':
      return { fromMs: 0, notBeforeMs: 0 }
  }
}

function howItEnds(undelivered: readonly Entry[]): DrainResult {
  const untilMs = nextDueMs(undelivered)
  if (untilMs !== null) return { kind: 'waiting', untilMs }
  return undelivered.some(isUnsettled) ? { kind: 'held' } : { kind: 'empty' }
}

/** The list without the batch, but for those of it that still wait or have died. */
function replaceIn(list: readonly Entry[], batch: readonly Entry[], now: readonly Entry[]): Entry[] {
  const sent = new Set(batch.map(({ opId }) => opId))
  const left = new Map(now.filter(({ state }) => state.kind !== 'delivered').map((entry) => [entry.opId, entry]))
  return list.flatMap((entry) => (sent.has(entry.opId) ? (left.get(entry.opId) ?? []) : entry))
}
