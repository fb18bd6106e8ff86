import { type DeviceIdentity, LIMITS } from '@landfall/contract'
import type { Entry } from '../entry/entry.ts'
import { die, isUnsettled } from '../entry/transitions.ts'
import type { EntryStore } from '../store/entry-store.ts'
import { OutboxUnavailableError } from '../store/errors.ts'
import type { DeliveryRecord } from '../store/meta.ts'
import type { QueueRecord } from '../store/queue-directory.ts'
import { isDue } from './backoff.ts'
import { sendBatch } from './send-batch.ts'
import { isEntryDue, nextDueMs, takeBatch } from './take-batch.ts'

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

/** So many too large one after the other, and it is the way that takes nothing: asking on would only be noise. */
const ASIDE_IN_A_ROW = 8

/**
 * Sends what is due, batch after batch, until nothing is left or somebody must wait. The caller holds the queue's lock:
 * there is one drainer at a time. It may die at any step; the next one finds everything that has no answer yet.
 *
 * The heads of what waits are read once and kept through the drain; only a batch's payloads are read and opened.
 */
export async function drain(dependencies: DrainDependencies, options: DrainOptions = {}): Promise<DrainResult> {
  const { store, now } = dependencies
  const { urgency = 'when-due', keepalive = false } = options
  let operationLimit: number = LIMITS.operationsPerBatch
  let undelivered: Entry[] | undefined
  const tried = new Set<string>()
  const stuck = new Set<string>()
  let asideInARow = 0
  // A person gets past what an operation waits for, but once a drain: a server that says "later" is not asked for ever.
  const isDueNow = (entry: Entry) => (urgency === 'now' && !tried.has(entry.opId)) || isEntryDue(entry, now())
  await store.clearMark()
  for (;;) {
    const delivery = await store.delivery()
    if (!undelivered && !(await store.hasWaiting())) return { kind: 'empty' }
    const gate = gateOf(delivery, urgency)
    if (!isDue(gate, now())) return { kind: 'waiting', untilMs: gate.notBeforeMs }

    const isFresh = !undelivered
    undelivered ??= heldBack(await store.undelivered(), stuck)
    const batch = takeBatch(undelivered, isDueNow, {
      operations: operationLimit,
      bytes: keepalive ? LIMITS.keepaliveBytes : LIMITS.batchBytes,
      mustFit: keepalive,
    })
    if (batch.length === 0) {
      if (isFresh) return howItEnds(undelivered, stuck)
      // What came in meanwhile is not in the list yet.
      undelivered = undefined
      continue
    }

    const { next, entries } = await sendBatch(dependencies, batch, delivery, {
      ...options,
      mayStepAside: asideInARow < ASIDE_IN_A_ROW,
    })
    undelivered = replaceIn(undelivered, batch, entries)
    for (const { opId } of batch) tried.add(opId)
    switch (next.kind) {
      case 'wait':
        return { kind: 'waiting', untilMs: next.untilMs }
      case 'split':
        operationLimit = Math.max(1, Math.floor(batch.length / 2))
        for (const { opId } of batch) tried.delete(opId)
        break
      case 'aside':
        asideInARow += 1
        operationLimit = LIMITS.operationsPerBatch
        break
      case 'stuck':
        for (const opId of next.opIds) stuck.add(opId)
        for (const { opId } of batch) tried.delete(opId)
        undelivered = heldBack(undelivered, stuck)
        break
      case 'go-on':
        asideInARow = 0
        if (keepalive) return { kind: 'waiting', untilMs: now() }
    }
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

function howItEnds(undelivered: readonly Entry[], stuck: ReadonlySet<string>): DrainResult {
  // The others have had their turn; for these there must be room first. Said before all else, so that nobody asks at once.
  if (stuck.size > 0) throw new OutboxUnavailableError('quota', 'no room to set apart what cannot be read')
  const untilMs = nextDueMs(undelivered)
  if (untilMs !== null) return { kind: 'waiting', untilMs }
  return undelivered.some(isUnsettled) ? { kind: 'held' } : { kind: 'empty' }
}

/** The list as this drain sees it: what cannot be read, and all of its group, holds up its rows like a dead letter. */
function heldBack(entries: readonly Entry[], stuck: ReadonlySet<string>): Entry[] {
  const groups = new Set(entries.flatMap(({ opId, groupId }) => (stuck.has(opId) && groupId !== null ? [groupId] : [])))
  return entries.map((entry) => {
    const isHeld = stuck.has(entry.opId) || (entry.groupId !== null && groups.has(entry.groupId))
    return isHeld ? die(entry, 'group_failed', 0) : entry
  })
}

/** The list without the batch, but for those of it that still wait or have died. */
function replaceIn(list: readonly Entry[], batch: readonly Entry[], now: readonly Entry[]): Entry[] {
  const sent = new Set(batch.map(({ opId }) => opId))
  const left = new Map(now.filter(({ state }) => state.kind !== 'delivered').map((entry) => [entry.opId, entry]))
  return list.flatMap((entry) => (sent.has(entry.opId) ? (left.get(entry.opId) ?? []) : entry))
}
